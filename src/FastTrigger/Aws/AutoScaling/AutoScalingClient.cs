using FastTrigger.Http;

namespace FastTrigger.Aws.AutoScaling;

/// <summary>The one operation of Amazon EC2 Auto Scaling that is used (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html).</summary>
internal sealed class AutoScalingClient(AwsClient client, string region, AwsCredentials? credentials = null)
{
    /// <summary>The value of one tag of a group; null when it has none of that key.</summary>
    public AwsFailure? DescribeTag(string group, string key, Deadline deadline, out string? value)
    {
        value = null;
        var body = new QueryBody(client.Body, "DescribeTags", "2011-01-01");
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
