using FastTrigger.Core;

namespace FastTrigger.Aws.AutoScaling;

/// <summary>The operations of Amazon EC2 Auto Scaling that are used (docs.aws.amazon.com/autoscaling/ec2/APIReference).</summary>
internal sealed class AutoScalingClient(AwsCaller aws, string region, AwsCredentials? credentials = null)
{
    private const string Service = "autoscaling", Version = "2011-01-01";

    public static class Operations
    {
        public static readonly AwsOperation CompleteLifecycleAction =
            new(Service, nameof(CompleteLifecycleAction), WholeAnswer.Xml("CompleteLifecycleActionResult"), Changes: true);

        public static readonly AwsOperation DescribeTags = new(Service, nameof(DescribeTags), WholeAnswer.Xml("DescribeTagsResult"));
    }

    /// <param name="token">The token of the lifecycle action.</param>
    /// <param name="result">CONTINUE or ABANDON.</param>
    public AwsFailure? CompleteLifecycleAction(string group, string hook, string token, string result, Deadline deadline)
    {
        var body = new QueryBody(aws.Body, Operations.CompleteLifecycleAction.Name, Version);
        body.Add("AutoScalingGroupName", group);
        body.Add("LifecycleHookName", hook);
        body.Add("LifecycleActionToken", token);
        body.Add("LifecycleActionResult", result);
        return Call(Operations.CompleteLifecycleAction, deadline);
    }

    /// <summary>Finds the value of one tag of a group; null when the group has no tag with that key.</summary>
    public AwsFailure? DescribeTag(string group, string key, Deadline deadline, out string? value)
    {
        value = null;
        var body = new QueryBody(aws.Body, Operations.DescribeTags.Name, Version);
        body.Add("Filters.member", 0, "Name", "auto-scaling-group");
        body.Add("Filters.member", 0, "Values.member", group, 0);
        body.Add("Filters.member", 1, "Name", "key");
        body.Add("Filters.member", 1, "Values.member", key, 0);
        if (Call(Operations.DescribeTags, deadline) is { } failure)
        {
            return failure;
        }

        var xml = new XmlScanner(aws.Answer.Span);
        while (xml.Read())
        {
            if (xml.IsText("Value"u8))
            {
                value = xml.Text;
            }
        }

        return null;
    }

    private AwsFailure? Call(AwsOperation operation, Deadline deadline) =>
        aws.Call(new(operation, region, AwsProtocol.Query, null, aws.Body) { Credentials = credentials }, deadline);
}
