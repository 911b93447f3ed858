using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Http;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// Messages of a queue (docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). A body that is a JSON object is looked into, as Lambda's own filters do. What
/// is in it was written by whoever may send to the queue: an event of AWS, an event for one route and a dead letter count as such only when the
/// queue is trusted (C2.2); else the message is just a message.
/// </summary>
internal static class SqsSource
{
    public const string Name = "sqs";

    /// <summary>The chains that `from` may name.</summary>
    public static readonly string[] Chains = [Name, "sqs/eventbridge", "sqs/scheduler", "sqs/direct"];

    /// <summary>Null when the event is no batch of messages.</summary>
    /// <param name="isTrusted">Whether what the queue with this ARN brings is what it says it is.</param>
    public static Delivery? Read(JsonElement root, Invocation invocation, Func<string, bool> isTrusted)
    {
        var records = root.Get("Records"u8);
        if (records.ValueKind != JsonValueKind.Array || records.GetArrayLength() == 0)
        {
            return null;
        }

        var items = new List<Item>(records.GetArrayLength());
        foreach (var record in records.EnumerateArray())
        {
            if (!record.Get("eventSource"u8).IsText("aws:sqs"u8) || record.Text("messageId"u8) is not { } id || record.Get("body"u8).ValueKind != JsonValueKind.String)
            {
                return null;
            }

            var item = Open(record, id, invocation, isTrusted(record.Text("eventSourceARN"u8) ?? ""));
            item.RecordId = id;
            item.Group = record.Get("attributes"u8).Text("MessageGroupId"u8);
            items.Add(item);
        }

        return new(items, IsBatch: true);
    }

    private static Item Open(JsonElement record, string id, Invocation invocation, bool isTrusted)
    {
        if (Body(record) is not { } body)
        {
            return new(Name, id, record);
        }

        // Lambda's own dead letters say of which request they are, those of rules and schedules what went wrong
        // (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
        var attributes = record.Get("messageAttributes"u8);
        var request = attributes.Get("RequestID"u8).Text("stringValue"u8);
        var isDeadLetter = isTrusted && (request is not null || attributes.Get("ERROR_CODE"u8).Text("stringValue"u8) is not null);
        var inner = isTrusted ? EventSources.Read(body, invocation with { RequestId = request ?? id }) : EventSources.ReadCustom(body, invocation);
        if (inner is null || (inner is { Source: DirectSource.Direct, RouteName: null, IsPlayback: false } && !isDeadLetter))
        {
            return new(Name, id, WithBody(record, body));
        }

        inner.Source = $"{Name}/{inner.Source}";
        inner.IsPlayback |= isDeadLetter;
        return inner;
    }

    /// <summary>The body's JSON when it is an object; null when it is any other text.</summary>
    private static JsonElement? Body(JsonElement record)
    {
        var raw = JsonMarshal.GetRawUtf8Value(record.Get("body"u8));
        if (!raw[1..].TrimStart(" "u8).StartsWith("{"u8))
        {
            return null;
        }

        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var text = new byte[raw.Length];
        var length = reader.CopyString(text);
        return EventJson.Parse(text.AsMemory(0, length), out _)?.RootElement is { ValueKind: JsonValueKind.Object } body ? body : null;
    }

    /// <summary>The message with its body as JSON in the place of text.</summary>
    private static JsonElement WithBody(JsonElement record, JsonElement body)
    {
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length);
        var json = new JsonBuilder(text).BeginObject();
        foreach (var member in record.EnumerateObject())
        {
            json.Name(member.Name);
            text.Append(JsonMarshal.GetRawUtf8Value(member.NameEquals("body"u8) ? body : member.Value));
        }

        json.EndObject();
        // A body may be nested as deep as an event, and stands one level deeper here.
        return EventJson.Parse(text.Memory, out _)?.RootElement ?? record;
    }
}
