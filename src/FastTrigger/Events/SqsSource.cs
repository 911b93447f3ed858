using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Messages of a queue (docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). Patterns see a message with its body as JSON when it is a JSON
/// object.
/// </summary>
internal sealed class SqsSource : EventSource
{
    public override string Name => "sqs";

    public override BatchForm Form => BatchForm.Messages;

    public override string IdText => "the message's id, or that of the event inside";

    public override IReadOnlyList<CallbackKind> Callbacks => [CallbackKind.Lifecycle];

    public override bool IsEnvelope => true;

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("sqs", "Messages of a queue: one with an event, one with other JSON"),
        new("sqs-fifo", "Messages of a FIFO queue, of two groups"),
        new("sqs-dead-letter", "A dead letter of an asynchronous invocation, in a queue"),
        new("sqs-lifecycle", "A lifecycle hook that Auto Scaling sends to a queue, for CompleteLifecycleAction"),
        new("sqs/eventbridge", "A rule's event in a queue"),
        new("sqs/sns", "A notification in a queue"),
        new("sqs/sns/eventbridge", "A rule's event, by a topic, in a queue"),
        new("sqs/s3", "A bucket's notification in a queue"),
        new("sqs/sns/s3", "A bucket's notification, by a topic, in a queue"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !Records.AreOf(content, "aws:sqs"u8, IsRecord))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            Read(record, outer, items);
        }

        return true;
    }

    /// <summary>One message, as it also comes by a pipe.</summary>
    public bool TryReadRecord(JsonElement record, in Envelope outer, List<Item> items)
    {
        if (!record.Get("eventSource"u8).IsText("aws:sqs"u8) || !IsRecord(record))
        {
            return false;
        }

        Read(record, outer, items);
        return true;
    }

    private static bool IsRecord(JsonElement record) =>
        record.Get("messageId"u8).IsText() && record.Get("body"u8).ValueKind == JsonValueKind.String;

    private void Read(JsonElement record, in Envelope outer, List<Item> items)
    {
        var id = record.Text("messageId"u8)!;
        var queue = record.Text("eventSourceARN"u8);
        var letter = DeadLetter.Read(record.Get("messageAttributes"u8), "stringValue"u8);
        var envelope = outer.From(queue) with { RecordId = id, Group = GroupOf(record, queue) };
        envelope = envelope with { IsPlayback = envelope.IsPlayback || (letter is not null && envelope.IsTrusted) };
        var body = Content.OfText(record.Get("body"u8));
        if (body.ValueKind == JsonValueKind.Undefined)
        {
            items.Add(new(envelope, Name, ItemId.Lasting(id), record) { DataField = "body" });
            return;
        }

        var first = envelope.IsPlayback ? letter : null;
        var inner = envelope.Inner(Name, ItemId.Lasting(first is { Length: > 0 } request ? request : id), record);
        if (inner.TryOpen(body, items))
        {
            return;
        }

        if (envelope.IsPlayback && letter is not null)
        {
            items.Add(new(inner, DirectSource.Direct, inner.Id, body));
            return;
        }

        var seen = Content.Made(Content.With(record, "body", JsonMarshal.GetRawUtf8Value(body)), record);
        var callback = envelope.IsTrusted ? LifecycleNotice.OfNotice(body) : null;
        items.Add(new(envelope, Name, ItemId.Lasting(id), seen) { Callback = callback, DataField = "body" });
    }

    /// <summary>
    /// Only a FIFO queue orders the messages of a group: on a standard queue a group is a tenant of fair queues
    /// (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html).
    /// </summary>
    private static string? GroupOf(JsonElement record, string? queue) =>
        queue?.EndsWith(".fifo", StringComparison.Ordinal) == true ? record.Get("attributes"u8).Text("MessageGroupId"u8) : null;
}
