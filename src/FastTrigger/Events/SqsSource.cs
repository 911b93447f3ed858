using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>Messages of a queue (docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). Patterns see a message with its body as JSON when it is a JSON object.</summary>
internal static class SqsSource
{
    public const string Name = "sqs";

    public static bool TryRead(JsonElement root, in Envelope top, List<Item> items)
    {
        if (!StreamRecords.AreOf(root, "aws:sqs"u8, static record => record.Text("messageId"u8) is not null && record.Get("body"u8).ValueKind == JsonValueKind.String))
        {
            return false;
        }

        foreach (var record in root.Get("Records"u8).EnumerateArray())
        {
            var first = items.Count;
            var id = record.Text("messageId"u8)!;
            Open(record, id, top with { IsTrusted = top.Trust(record.Text("eventSourceARN"u8) ?? "") }, items);
            for (var i = first; i < items.Count; i++)
            {
                items[i].RecordId = id;
                items[i].Group = record.Get("attributes"u8).Text("MessageGroupId"u8);
            }
        }

        return true;
    }

    private static void Open(JsonElement record, string id, in Envelope outer, List<Item> items)
    {
        var body = Content.OfText(record.Get("body"u8));
        if (body.ValueKind == JsonValueKind.Undefined)
        {
            items.Add(new(Name, id, record));
            return;
        }

        // Lambda's own dead letters say of which request they are, those of rules and schedules what went wrong
        // (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
        var attributes = record.Get("messageAttributes"u8);
        var request = attributes.Get("RequestID"u8).Text("stringValue"u8);
        var isDeadLetter = outer.IsTrusted && (request is not null || attributes.Get("ERROR_CODE"u8).Text("stringValue"u8) is not null);
        var envelope = outer.Inner(Name, isDeadLetter ? request ?? id : id);
        var first = items.Count;
        if (!envelope.TryOpen(body, items))
        {
            items.Add(isDeadLetter ? new(envelope.Chain + DirectSource.Direct, envelope.Id, body) : new(Name, id, Content.Made(Content.With(record, "body", JsonMarshal.GetRawUtf8Value(body)), record)));
        }

        for (var i = first; i < items.Count; i++)
        {
            items[i].IsPlayback |= isDeadLetter;
        }
    }
}
