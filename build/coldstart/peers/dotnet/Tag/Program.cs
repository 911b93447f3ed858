using System.Text.Json;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Peers;

// A typical function in C# that tags the instances of a RunInstances event with their owner: AWSSDK.EC2, and a client that is created
// during INIT. With the argument warm-up, INIT also makes a dry run of the call, so that the connection is there when the event comes.
using var client = new AmazonEC2Client(
    new EnvironmentVariablesAWSCredentials(),
    new AmazonEC2Config
    {
        ServiceURL = Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL"),
        AuthenticationRegion = Environment.GetEnvironmentVariable("AWS_REGION"),
    });
if (args is ["warm-up"])
{
    try
    {
        var instance = Environment.GetEnvironmentVariable("WARM_UP_INSTANCE")!;
        await client.CreateTagsAsync(new() { Resources = [instance], Tags = [new("Owner", "nobody")], DryRun = true });
    }
    catch (AmazonEC2Exception e) when (e.ErrorCode == "DryRunOperation")
    {
    }
}

await RuntimeLoop.RunAsync(async payload =>
{
    using var document = JsonDocument.Parse(payload);
    var detail = document.RootElement.GetProperty("detail");
    if (detail.GetProperty("eventName").GetString() != "RunInstances")
    {
        return """{"tagged":0}""";
    }

    var ids = new List<string>();
    foreach (var instance in detail.GetProperty("responseElements").GetProperty("instancesSet").GetProperty("items").EnumerateArray())
    {
        ids.Add(instance.GetProperty("instanceId").GetString()!);
        if (instance.TryGetProperty("networkInterfaceSet", out var interfaces))
        {
            var all = interfaces.GetProperty("items").EnumerateArray();
            ids.AddRange(all.Select(one => one.GetProperty("networkInterfaceId").GetString()!));
        }
    }

    var identity = detail.GetProperty("userIdentity");
    var owner = identity.TryGetProperty("userName", out var name)
        ? name.GetString()!
        : identity.GetProperty("principalId").GetString()!.Split(':')[^1];
    await client.CreateTagsAsync(new() { Resources = ids, Tags = [new("Owner", owner)] });
    return $$"""{"tagged":{{ids.Count}}}""";
});
