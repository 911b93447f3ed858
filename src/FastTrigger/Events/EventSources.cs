using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Events;

/// <summary>Every source, in the order in which they are asked. A new one is a file, a line here, a sample and a test.</summary>
internal static class EventSources
{
    private static readonly SchedulerSource s_scheduler = new();
    private static readonly EventBridgeSource s_eventBridge = new();
    private static readonly SnsSource s_sns = new();
    private static readonly SqsSource s_sqs = new();
    private static readonly LogsSource s_logs = new();
    private static readonly KinesisSource s_kinesis = new(s_logs);
    private static readonly DynamoDbSource s_dynamoDb = new();
    private static readonly KafkaSource s_kafka = new();
    private static readonly MqSource s_mq = new();
    private static readonly PipesSource s_pipes = new(s_sqs, s_kinesis, s_dynamoDb, s_kafka, s_mq);
    private static readonly DirectSource s_direct = new();

    /// <summary>What Lambda itself may be given, and what is recognised in no message, notification or record (C2.2).</summary>
    private static readonly EventSource[] s_top =
    [
        s_sqs, s_kinesis, s_dynamoDb, s_kafka, s_mq, new DocumentDbSource(), s_pipes,
        new AuthorizerSource(), new HttpSource(), new S3BatchSource(), new FirehoseSource(),
        new CognitoSource(), new LexSource(), new AlexaSource(),
        new CodePipelineSource(), new ConfigSource(), new CloudFormationSource(),
    ];

    /// <summary>What may be found in an envelope, too.</summary>
    public static EventSource[] Inner { get; } =
    [
        s_scheduler, s_eventBridge, s_sns, new S3Source(), s_logs,
        new AlarmSource(), new SesSource(), new CodeCommitSource(), new IotEventsSource(),
        new DestinationRecord(), new RouteWrapper(),
    ];

    /// <summary>Every source.</summary>
    public static EventSource[] All => [.. Inner, .. s_top, s_direct];

    /// <summary>The names that `from` takes; sources that carry others also take what they carry, as in sqs/sns/s3.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            var names = new List<string>();
            foreach (var source in All)
            {
                if (!names.Has(source.Name))
                {
                    names.Add(source.Name);
                }
            }

            return names;
        }
    }

    /// <summary>
    /// The source whose items come by this chain: that of its last name, when the others may carry it. Null when there is no such chain.
    /// </summary>
    public static EventSource? Find(string chain)
    {
        var slash = chain.IndexOf('/');
        if (slash < 0)
        {
            return chain == s_direct.Name ? s_direct : Named(Inner, chain) ?? Named(s_top, chain);
        }

        var rest = chain[(slash + 1)..];
        var next = rest.Contains('/') ? rest[..rest.IndexOf('/')] : rest;
        var outer = Named(s_top, chain[..slash]) ?? Named(Inner, chain[..slash]);
        var carries = outer == s_pipes
            ? Named(s_pipes.Carried, next) is not null
            : outer is { IsEnvelope: true } && (Named(Inner, next) is not null || next == s_direct.Name);
        return carries ? Find(rest) : null;
    }

    /// <summary>
    /// The chains that a name of `from` stands for; none for a name that is not known. `pipes` is whatever a pipe delivers. `pipes/direct`
    /// was, in earlier versions, what it delivers of Kafka and brokers, and JSON of its own making, which is direct now.
    /// </summary>
    public static IReadOnlyList<string> Chains(string name)
    {
        if (name == s_pipes.Name)
        {
            return Array.ConvertAll(s_pipes.Carried, static source => $"{s_pipes.Name}/{source.Name}");
        }

        return name == "pipes/direct" ? [s_direct.Name, "pipes/kafka", "pipes/mq"] : Find(name) is null ? [] : [name];
    }

    /// <param name="trust">Whether the queue, topic or stream with an ARN sends only what its events say about themselves (C2.2).</param>
    public static Delivery Open(JsonElement root, string requestId, Func<string, bool> trust) => Open(root, requestId, trust, []);

    /// <param name="items">Where the items go.</param>
    /// <inheritdoc cref="Open(JsonElement, string, Func{string, bool})"/>
    public static Delivery Open(JsonElement root, string requestId, Func<string, bool> trust, List<Item> items)
    {
        var top = Envelope.None(requestId, trust);
        var source = Recognise(root, top, items);
        var state = source.Form == BatchForm.Stream ? Records.WindowState(root) : null;
        return new(items, source, source.FormOf(items), root) { WindowState = state };
    }

    /// <summary>Adds an event that stands for itself, as a wrapper may have it; false for any other JSON.</summary>
    internal static bool TryReadEvent(JsonElement content, in Envelope outer, List<Item> items) =>
        s_scheduler.TryRead(content, outer, items) || s_eventBridge.TryRead(content, outer, items);

    /// <summary>
    /// The source that would take this JSON only from a sender that is trusted; null when nobody gains anything by its form.
    /// </summary>
    internal static string? NameWhereTrusted(JsonElement content, string requestId)
    {
        var items = new List<Item>();
        var trusted = Envelope.None(requestId, static _ => true);
        var source = content.ValueKind == JsonValueKind.Object ? Recognise(content, trusted, items) : s_direct;
        return source == s_direct || source.TryRead(content, trusted.Element(null, 0), []) ? null : source.Name;
    }

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

    private static EventSource? Named(IReadOnlyList<EventSource> sources, string name)
    {
        foreach (var source in sources)
        {
            if (source.Name == name)
            {
                return source;
            }
        }

        return null;
    }
}
