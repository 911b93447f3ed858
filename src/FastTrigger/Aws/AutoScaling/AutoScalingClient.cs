using FastTrigger.Core;

namespace FastTrigger.Aws.AutoScaling;

/// <summary>The operations of Amazon EC2 Auto Scaling that are used (docs.aws.amazon.com/autoscaling/ec2/APIReference).</summary>
internal sealed class AutoScalingClient(AwsClient client, string region, AwsCredentials? credentials = null)
{
    private const string Version = "2011-01-01";

    /// <param name="token">The lifecycle action's.</param>
    /// <param name="result">CONTINUE or ABANDON.</param>
    public AwsFailure? CompleteLifecycleAction(string group, string hook, string token, string result, Deadline deadline)
    {
        var body = new QueryBody(client.Body, "CompleteLifecycleAction", Version);
        body.Add("AutoScalingGroupName", group);
        body.Add("LifecycleHookName", hook);
        body.Add("LifecycleActionToken", token);
        body.Add("LifecycleActionResult", result);
        return client.Call(new("autoscaling", region, AwsProtocol.Query, null, client.Body, Idempotent: true) { Credentials = credentials }, deadline);
    }

    /// <summary>The value of one tag of a group; null when it has none of that key.</summary>
    public AwsFailure? DescribeTag(string group, string key, Deadline deadline, out string? value)
    {
        value = null;
        var body = new QueryBody(client.Body, "DescribeTags", Version);
        body.Add("Filters.member", 0, "Name", "auto-scaling-group");
        body.Add("Filters.member", 0, "Values.member", group, 0);
        body.Add("Filters.member", 1, "Name", "key");
        body.Add("Filters.member", 1, "Values.member", key, 0);
        if (client.Call(new("autoscaling", region, AwsProtocol.Query, null, client.Body, Idempotent: true) { Credentials = credentials }, deadline) is { } failure)
        {
            return failure;
        }

        var xml = new XmlScanner(client.Answer.Span);
        while (xml.Read())
        {
            if (xml.IsText("Value"u8))
            {
                value = xml.Text;
            }
        }

        return null;
    }
}
