using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>The attributes that SQS itself gives to queues and messages.</summary>
internal static class QueueAttributes
{
    private const string All = "All";

    /// <summary>The attributes that SQS knows and a local queue never has.</summary>
    private static readonly HashSet<string> s_unsetOfQueue =
    [
        "Policy", "RedrivePolicy", "RedriveAllowPolicy", "FifoQueue", "ContentBasedDeduplication", "KmsMasterKeyId",
        "KmsDataKeyReusePeriodSeconds", "DeduplicationScope", "FifoThroughputLimit",
    ];

    private static readonly HashSet<string> s_ofMessage =
    [
        All, "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber",
        "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn",
    ];

    /// <exception cref="AwsError">A name is that of no attribute.</exception>
    public static void CheckMessageNames(IEnumerable<string> names) => Check(names, s_ofMessage.Contains);

    public static JsonObject Of(LocalMessage message, List<string> names, string account)
    {
        var all = new Dictionary<string, string>(message.Given)
        {
            ["SenderId"] = account,
            ["SentTimestamp"] = Milliseconds(message.Sent),
            ["ApproximateReceiveCount"] = message.Received.ToString(CultureInfo.InvariantCulture),
            ["ApproximateFirstReceiveTimestamp"] = Milliseconds(message.FirstReceived ?? message.Sent),
        };
        return Select(all, names);
    }

    /// <exception cref="AwsError">A name is that of no attribute.</exception>
    public static JsonObject Of(List<LocalMessage> messages, List<string> names, string arn, DateTimeOffset now, int visibilitySeconds)
    {
        var hidden = messages.FindAll(message => message.VisibleAt > now);
        var delayed = hidden.Count(message => message.Received == 0);
        var all = new Dictionary<string, string>
        {
            ["QueueArn"] = arn,
            ["ApproximateNumberOfMessages"] = Text(messages.Count - hidden.Count),
            ["ApproximateNumberOfMessagesNotVisible"] = Text(hidden.Count - delayed),
            ["ApproximateNumberOfMessagesDelayed"] = Text(delayed),
            ["CreatedTimestamp"] = "0",
            ["LastModifiedTimestamp"] = "0",
            ["VisibilityTimeout"] = Text(visibilitySeconds),
            ["MaximumMessageSize"] = Text(MessageCheck.MaxBytes),
            ["MessageRetentionPeriod"] = "345600",
            ["DelaySeconds"] = "0",
            ["ReceiveMessageWaitTimeSeconds"] = "0",
            ["SqsManagedSseEnabled"] = "true",
        };
        Check(names, name => name == All || all.ContainsKey(name) || s_unsetOfQueue.Contains(name));
        return Select(all, names);
    }

    private static void Check(IEnumerable<string> names, Func<string, bool> isKnown)
    {
        if (names.FirstOrDefault(name => !isKnown(name)) is { } unknown)
        {
            throw new AwsError(400, "InvalidAttributeName", $"Unknown Attribute {unknown}.");
        }
    }

    private static JsonObject Select(Dictionary<string, string> all, List<string> names) =>
        new(all
            .Where(attribute => names.Contains(All) || names.Contains(attribute.Key))
            .Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)attribute.Value)));

    private static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
