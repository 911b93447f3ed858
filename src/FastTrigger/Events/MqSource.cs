using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Messages of Amazon MQ, of ActiveMQ and of RabbitMQ (docs.aws.amazon.com/lambda/latest/dg/with-mq.html), with `data` decoded: JSON, else
/// text, else base64.
/// </summary>
internal sealed class MqSource : EventSource
{
    public override string Name => "mq";

    public override BatchForm Form => BatchForm.Whole;

    public override IdLasts IdLasts => IdLasts.WhenGiven;

    public override string IdText => "the broker, the queue and the message's id, which RabbitMQ has only when the sender sets messageId";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("mq", "A message of ActiveMQ"),
        new("mq-rabbitmq", "A message of RabbitMQ"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop)
        {
            return false;
        }

        var first = items.Count;
        if (IsActiveMq(content) && content.Get("messages"u8) is { ValueKind: JsonValueKind.Array } messages)
        {
            return ReadAll(messages, content.Text("eventSourceArn"u8), queue: null, outer, items) || Undo(items, first);
        }

        if (!IsRabbitMq(content) || content.Get("rmqMessagesByQueue"u8) is not { ValueKind: JsonValueKind.Object } queues)
        {
            return false;
        }

        foreach (var queue in queues.EnumerateObject())
        {
            if (queue.Value.ValueKind != JsonValueKind.Array
                || !ReadAll(queue.Value, content.Text("eventSourceArn"u8), queue.Name, outer, items))
            {
                return Undo(items, first);
            }
        }

        return true;
    }

    /// <summary>One message as a pipe has it. A pipe tries the whole batch again.</summary>
    public bool TryReadPipeRecord(JsonElement record, in Envelope outer, List<Item> items) =>
        (IsActiveMq(record) || IsRabbitMq(record))
        && TryReadMessage(record, record.Text("eventSourceArn"u8), record.Text("eventSourceKey"u8), outer, items);

    private static bool IsActiveMq(JsonElement content) =>
        content.Get("eventSource"u8) is var source && (source.IsText("aws:mq"u8) || source.IsText("aws:amq"u8));

    private static bool IsRabbitMq(JsonElement content) => content.Get("eventSource"u8).IsText("aws:rmq"u8);

    private bool ReadAll(JsonElement messages, string? broker, string? queue, in Envelope outer, List<Item> items)
    {
        foreach (var message in messages.EnumerateArray())
        {
            var id = outer.Id with { Value = $"{outer.Id.Value}/{items.Count}" };
            if (!TryReadMessage(message, broker, queue, outer with { Id = id }, items))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadMessage(JsonElement message, string? broker, string? queue, in Envelope envelope, List<Item> items)
    {
        var data = message.Get("data"u8);
        if (data.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        queue ??= message.Get("destination"u8).Text("physicalName"u8);
        var given = message.Text("messageID"u8) ?? message.Get("basicProperties"u8).Text("messageId"u8);
        var id = given is null ? envelope.Id : ItemId.Lasting(broker, queue, given);
        var seen = Content.Made(Content.With(message, "data", Content.Value(Content.Decode(data), data)), message);
        items.Add(new(envelope, Name, id, seen) { DataField = "data" });
        return true;
    }

    private static bool Undo(List<Item> items, int first)
    {
        items.RemoveRange(first, items.Count - first);
        return false;
    }
}
