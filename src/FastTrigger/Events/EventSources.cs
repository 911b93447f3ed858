using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Every source, in the order in which they are asked.</summary>
internal static class EventSources
{
    private static readonly EventBridgeSource s_eventBridge = new();

    /// <summary>Events that are one item, with an id of their own.</summary>
    private static readonly EventSource[] s_known = [new SchedulerSource(), s_eventBridge];

    /// <summary>What may be found in a message, a notification or a record.</summary>
    private static readonly string[] s_inner = ["eventbridge", "scheduler", S3Source.Name, SnsSource.Name, DirectSource.Direct];

    /// <summary>What something else may be found in.</summary>
    private static readonly string[] s_outer = [SqsSource.Name, SnsSource.Name, KinesisSource.Name];

    /// <summary>The sources that `from` may name; those that carry others also with what they carry, as in sqs/sns/s3.</summary>
    public static string[] Names => [.. s_inner, SqsSource.Name, KinesisSource.Name, DynamoDbSource.Name, KafkaSource.Name, MqSource.Name];

    /// <summary>Whether it is a source, or a chain of envelopes that ends in what they may carry.</summary>
    public static bool IsName(string text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return Array.IndexOf(Names, text) >= 0;
        }

        var rest = text[(slash + 1)..];
        return Array.IndexOf(s_outer, text[..slash]) >= 0 && Array.IndexOf(s_inner, rest.Contains('/') ? rest[..rest.IndexOf('/')] : rest) >= 0 && IsName(rest);
    }

    /// <param name="isTrusted">Whether what this queue, topic or stream brings is what it says it is (C2.2).</param>
    public static Delivery Open(JsonElement root, Invocation invocation, Func<string, bool> isTrusted)
    {
        var top = Envelope.None(invocation, isTrusted);
        var items = new List<Item>(1);
        if (SqsSource.TryRead(root, top, items))
        {
            return new(items, BatchForm.Messages);
        }

        if (KinesisSource.TryRead(root, top, items) || DynamoDbSource.TryRead(root, top, items))
        {
            return new(items, BatchForm.Stream) { WindowState = StreamRecords.WindowState(root) };
        }

        if (KafkaSource.TryRead(root, items) || MqSource.TryRead(root, invocation, items))
        {
            return new(items, BatchForm.Whole);
        }

        if (!top.TryOpen(root, items))
        {
            items.Add(new(DirectSource.Direct, invocation.RequestId, root));
        }

        return new(items, BatchForm.Together);
    }

    /// <summary>An event that stands for itself: what is inside of a wrapper, too. Null for any other JSON.</summary>
    internal static Item? ReadKnown(JsonElement root, Invocation invocation)
    {
        foreach (var source in s_known)
        {
            if (source.Read(root, invocation) is { } item)
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>An event of a source of one's own: all that counts as an event inside of an envelope that anybody may have written.</summary>
    internal static Item? ReadCustom(JsonElement root, Invocation invocation) =>
        root.Text("source"u8) is { } source && !source.StartsWith("aws.", StringComparison.OrdinalIgnoreCase) ? s_eventBridge.Read(root, invocation) : null;
}
