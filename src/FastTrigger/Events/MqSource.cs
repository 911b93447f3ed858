using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>Messages of Amazon MQ, of ActiveMQ and of RabbitMQ (docs.aws.amazon.com/lambda/latest/dg/with-mq.html), with `data` decoded: JSON, else text, else base64.</summary>
internal sealed class MqSource : EventSource
{
    public override string Name => "mq";

    public override BatchForm Form => BatchForm.Whole;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var first = items.Count;
        if (content.Get("eventSource"u8).IsText("aws:mq"u8) && content.Get("messages"u8) is { ValueKind: JsonValueKind.Array } messages)
        {
            return Add(messages, outer, items) || Undo(items, first);
        }

        if (!content.Get("eventSource"u8).IsText("aws:rmq"u8) || content.Get("rmqMessagesByQueue"u8) is not { ValueKind: JsonValueKind.Object } queues)
        {
            return false;
        }

        foreach (var queue in queues.EnumerateObject())
        {
            if (queue.Value.ValueKind != JsonValueKind.Array || !Add(queue.Value, outer, items))
            {
                return Undo(items, first);
            }
        }

        return true;
    }

    private bool Add(JsonElement messages, in Envelope outer, List<Item> items)
    {
        foreach (var message in messages.EnumerateArray())
        {
            var data = message.Get("data"u8);
            if (data.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            // RabbitMQ's messages have an id only when their sender gives one.
            var id = message.Text("messageID"u8) ?? message.Get("basicProperties"u8).Text("messageId"u8) ?? $"{outer.Invocation.RequestId}/{items.Count}";
            items.Add(new(Name, id, Content.Made(Content.With(message, "data", Content.Value(Content.Decode(data), data)), message)) { RecordId = id });
        }

        return true;
    }

    private static bool Undo(List<Item> items, int first)
    {
        items.RemoveRange(first, items.Count - first);
        return false;
    }
}
