namespace FastTrigger.Cli.Samples;

/// <summary>A realistic event of each source and form, in the tool itself.</summary>
internal static class SampleEvents
{
    private const string Suffix = ".json";

    /// <summary>Its name, which is the chain of sources, with a form behind a hyphen; and what it is.</summary>
    public static readonly (string Name, string What)[] All =
    [
        ("eventbridge", "An event of EventBridge, with a source of one's own"),
        ("scheduler", "EventBridge Scheduler, a schedule without an input of its own"),
        ("sqs", "Messages of a queue: one with an event, one with other JSON"),
        ("sqs-fifo", "Messages of a FIFO queue, of two groups"),
        ("sqs-dead-letter", "A dead letter of an asynchronous invocation, in a queue"),
        ("sqs/eventbridge", "A rule's event in a queue"),
        ("sqs/sns", "A notification in a queue"),
        ("sqs/sns/eventbridge", "A rule's event, by a topic, in a queue"),
        ("sqs/s3", "A bucket's notification in a queue"),
        ("sqs/sns/s3", "A bucket's notification, by a topic, in a queue"),
        ("sns", "A notification of a topic"),
        ("sns/eventbridge", "A rule's event by a topic"),
        ("sns/s3", "A bucket's notification by a topic"),
        ("s3", "Notifications of a bucket"),
        ("s3-test", "What S3 sends when notifications are set up"),
        ("kinesis", "Records of a stream: JSON and text"),
        ("kinesis-window", "A batch of a tumbling window"),
        ("kinesis/eventbridge", "A rule's event in a stream"),
        ("dynamodb", "A change of a table"),
        ("kafka", "A record of Amazon MSK"),
        ("mq", "A message of ActiveMQ"),
        ("mq-rabbitmq", "A message of RabbitMQ"),
        ("destination", "The record of an on-failure destination, to be played back"),
        ("direct", "Any other JSON: aws lambda invoke, Step Functions, the SDKs"),
    ];

    public static string Read(string name)
    {
        using var stream = typeof(SampleEvents).Assembly.GetManifestResourceStream("FastTrigger.Cli.Samples." + name.Replace('/', '.') + Suffix)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
