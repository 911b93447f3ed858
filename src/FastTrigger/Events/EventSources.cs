using System.Text.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Every source, in the order in which they are asked.</summary>
internal static class EventSources
{
    private static readonly SchedulerSource s_scheduler = new();
    private static readonly EventBridgeSource s_eventBridge = new();
    private static readonly SnsSource s_sns = new();
    private static readonly SqsSource s_sqs = new();
    private static readonly LogsSource s_logs = new();
    private static readonly KinesisSource s_kinesis = new(s_logs);
    private static readonly DynamoDbSource s_dynamoDb = new();
    private static readonly PipesSource s_pipes = new(s_sqs, s_kinesis, s_dynamoDb);
    private static readonly DirectSource s_direct = new();

    /// <summary>What something else may be found in.</summary>
    private static readonly EventSource[] s_outer = [s_sqs, s_sns, s_kinesis, s_pipes];

    /// <summary>What Lambda itself may be given, and nobody finds in a message, a notification or a record (C2.2).</summary>
    private static readonly EventSource[] s_top =
    [
        s_sqs, s_kinesis, s_dynamoDb, new KafkaSource(), new MqSource(), s_pipes,
        new AuthorizerSource(), new HttpSource(), new S3BatchSource(), new FirehoseSource(), new CognitoSource(), new LexSource(), new AlexaSource(),
        new CodePipelineSource(), new ConfigSource(), new CloudFormationSource(),
    ];

    /// <summary>What may be found in an envelope, too.</summary>
    public static EventSource[] Inner { get; } =
    [
        s_scheduler, s_eventBridge, s_sns, new S3Source(), s_logs, new AlarmSource(), new SesSource(), new CodeCommitSource(), new IotEventsSource(),
        new DestinationRecord(), new RouteWrapper(),
    ];

    /// <summary>The sources that `from` may name; those that carry others also with what they carry, as in sqs/sns/s3.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            var names = new List<string>();
            foreach (var source in (ReadOnlySpan<EventSource>)[.. Inner, .. s_top, s_direct])
            {
                if (!names.Contains(source.Name))
                {
                    names.Add(source.Name);
                }
            }

            return names;
        }
    }

    /// <summary>Whether it is a source, or a chain of envelopes that ends in what they may carry.</summary>
    public static bool IsName(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return Has(Inner, text) || Has(s_top, text) || text == DirectSource.Direct;
        }

        var rest = text[(slash + 1)..];
        var next = rest.Contains('/') ? rest[..rest.IndexOf('/')] : rest;
        var isPipe = text[..slash] == s_pipes.Name;
        return Has(s_outer, text[..slash]) && (Has(Inner, next) || next == DirectSource.Direct || (isPipe && next is "sqs" or "kinesis" or "dynamodb")) && IsName(rest);
    }

    /// <param name="isTrusted">Whether what this queue, topic or stream brings is what it says it is (C2.2).</param>
    public static Delivery Open(JsonElement root, Invocation invocation, Func<string, bool> isTrusted)
    {
        var top = Envelope.None(invocation, isTrusted);
        var items = new List<Item>(1);
        var source = Recognise(root, top, items);
        return new(items, source, root) { WindowState = source.Form == BatchForm.Stream ? Records.WindowState(root) : null };
    }

    /// <summary>An event that stands for itself, as a wrapper may have it; null for any other JSON.</summary>
    internal static Item? ReadEvent(JsonElement root) => s_scheduler.Read(root) ?? s_eventBridge.Read(root);

    private static EventSource Recognise(JsonElement root, in Envelope top, List<Item> items)
    {
        foreach (var source in Inner)
        {
            if (source.TryRead(root, top, items))
            {
                return source;
            }
        }

        foreach (var source in s_top)
        {
            if (source.TryRead(root, top, items))
            {
                return source;
            }
        }

        s_direct.TryRead(root, top, items);
        return s_direct;
    }

    private static bool Has(EventSource[] sources, string name)
    {
        foreach (var source in sources)
        {
            if (source.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
