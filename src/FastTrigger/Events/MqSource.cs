using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>Messages of Amazon MQ, of ActiveMQ and of RabbitMQ (docs.aws.amazon.com/lambda/latest/dg/with-mq.html), with `data` decoded: JSON, else text, else base64.</summary>
internal static class MqSource
{
    public const string Name = "mq";

    public static bool TryRead(JsonElement root, Invocation invocation, List<Item> items)
    {
        var first = items.Count;
        if (root.Get("eventSource"u8).IsText("aws:mq"u8) && root.Get("messages"u8) is { ValueKind: JsonValueKind.Array } messages)
        {
            return Add(messages, invocation, items) || Undo(items, first);
        }

        if (!root.Get("eventSource"u8).IsText("aws:rmq"u8) || root.Get("rmqMessagesByQueue"u8) is not { ValueKind: JsonValueKind.Object } queues)
        {
            return false;
        }

        foreach (var queue in queues.EnumerateObject())
        {
            if (queue.Value.ValueKind != JsonValueKind.Array || !Add(queue.Value, invocation, items))
            {
                return Undo(items, first);
            }
        }

        return true;
    }

    private static bool Add(JsonElement messages, Invocation invocation, List<Item> items)
    {
        foreach (var message in messages.EnumerateArray())
        {
            var data = message.Get("data"u8);
            if (data.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            // RabbitMQ's messages have an id only when their sender gives one.
            var id = message.Text("messageID"u8) ?? message.Get("basicProperties"u8).Text("messageId"u8) ?? $"{invocation.RequestId}/{items.Count}";
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
