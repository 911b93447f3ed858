using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// The operations of Run Command, Automation and Parameter Store that the function uses, with Systems Manager's documented limits. Commands
/// really run, each instance in its own folder. Any other operation and any unknown member is an error.
/// </summary>
internal sealed class SsmService : LocalJsonService
{
    private readonly LocalWorld _world;

    public SsmService(LocalWorld world)
        : base("ssm", "AmazonSSM.", "application/x-amz-json-1.1")
    {
        _world = world;
        var commands = new RunCommandOperations(world);
        Add("SendCommand", commands.Send);
        Add("CancelCommand", commands.Cancel);
        Add("ListCommands", commands.List);
        Add("ListCommandInvocations", commands.ListInvocations);
        Add("GetCommandInvocation", commands.GetInvocation);
        Add("DescribeInstanceInformation", DescribeInstanceInformation);
        Add("GetParameter", GetParameter);
        var automations = new AutomationOperations(world);
        Add("StartAutomationExecution", automations.Start, "TargetMaps", "TargetLocations", "TargetLocationsURL");
        Add("GetAutomationExecution", automations.Get);
    }

    private JsonObject DescribeInstanceInformation(JsonObject request)
    {
        var filters = request.Objects("Filters").ConvertAll(filter => (Key: filter.Text("Key")!, Values: filter.List("Values")));
        var former = request.Objects("InstanceInformationFilterList")
            .ConvertAll(filter => (Key: filter.Text("key")!, Values: filter.List("valueSet")));
        if (filters.Count > 0 && former.Count > 0)
        {
            throw AwsError.Validation("Filters and InstanceInformationFilterList cannot be used together");
        }

        filters.AddRange(former);
        // Systems Manager does not list an agent that never connected.
        var agents = _world.Instances.Values
            .Where(instance => instance.State(_world.Now) == "running")
            .Where(instance => filters.TrueForAll(filter => Matches(instance, filter.Key, filter.Values)))
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .Select(instance => new JsonObject
            {
                ["InstanceId"] = instance.Id,
                ["PingStatus"] = PingStatus(instance),
                ["PlatformType"] = "Linux",
            });
        return request.Page("InstanceInformationList", [.. agents], Math.Min(50, _world.PageSize));
    }

    private bool Matches(LocalInstance instance, string key, List<string> values)
    {
        var tags = _world.Resources[instance.Id];
        return key switch
        {
            "InstanceIds" => values.Contains(instance.Id),
            "PingStatus" => values.Contains(PingStatus(instance)),
            "PlatformTypes" => values.Contains("Linux"),
            "ResourceType" => values.Contains("EC2Instance"),
            "tag-key" => values.Exists(tags.ContainsKey),
            _ when key.StartsWith("tag:", StringComparison.Ordinal) =>
                tags.TryGetValue(key[4..], out var value) && values.Contains(value),
            _ => throw new AwsError(400, "InvalidFilterKey", $"The local ssm does not support the filter {key}"),
        };
    }

    private string PingStatus(LocalInstance instance) => instance.AgentOnline(_world.Now) ? "Online" : "ConnectionLost";

    private JsonObject GetParameter(JsonObject request)
    {
        var name = request.Required("Name");
        if (!_world.Parameters.TryGetValue(name, out var value))
        {
            throw new AwsError(400, "ParameterNotFound", "");
        }

        if (_world.LetsTextOut)
        {
            const string Reason = "Parameters of a world file never leave this machine, and --network, --shell host or a server with the "
                + "host's network could take them along.";
            throw new AwsError(400, "AccessDeniedException", Reason);
        }

        var decrypt = request.IsTrue("WithDecryption");
        return new()
        {
            ["Parameter"] = new JsonObject
            {
                ["Name"] = name,
                ["Type"] = "SecureString",
                ["Value"] = decrypt ? value : "AQICAHi-encrypted",
                ["Version"] = 1,
            },
        };
    }
}
