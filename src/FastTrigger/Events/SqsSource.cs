using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>Messages of a queue (docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). Patterns see a message with its body as JSON when it is a JSON object.</summary>
internal sealed class SqsSource : EventSource
{
    public override string Name => "sqs";

    public override BatchForm Form => BatchForm.Messages;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !Records.AreOf(content, "aws:sqs"u8, IsRecord))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            Add(record, outer, items);
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

        Add(record, outer, items);
        return true;
    }

    private void Add(JsonElement record, in Envelope outer, List<Item> items)
    {
        var first = items.Count;
        var id = record.Text("messageId"u8)!;
        Open(record, id, outer with { IsTrusted = outer.Trust(record.Text("eventSourceARN"u8) ?? "") }, items);
        for (var i = first; i < items.Count; i++)
        {
            items[i].RecordId = id;
            items[i].Group = record.Get("attributes"u8).Text("MessageGroupId"u8);
        }
    }

    private static bool IsRecord(JsonElement record) => record.Get("messageId"u8).IsText() && record.Get("body"u8).ValueKind == JsonValueKind.String;

    private void Open(JsonElement record, string id, in Envelope outer, List<Item> items)
    {
        var body = Content.OfText(record.Get("body"u8));
        if (body.ValueKind == JsonValueKind.Undefined)
        {
            outer.Add(new(Name, id, record), items);
            return;
        }

        // Lambda's own dead letters say of which request they are, those of rules and schedules what went wrong
        // (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
        var attributes = record.Get("messageAttributes"u8);
        var request = attributes.Get("RequestID"u8).Text("stringValue"u8);
        var isDeadLetter = outer.IsTrusted && (request is not null || attributes.Get("ERROR_CODE"u8).Text("stringValue"u8) is not null);
        var envelope = outer.Inner(Name, isDeadLetter ? request ?? id : id, record);
        var first = items.Count;
        if (!envelope.TryOpen(body, items))
        {
            if (isDeadLetter)
            {
                envelope.Add(new(DirectSource.Direct, envelope.Id, body), items);
            }
            else
            {
                outer.Add(new(Name, id, Content.Made(Content.With(record, "body", JsonMarshal.GetRawUtf8Value(body)), record)), items);
            }
        }

        for (var i = first; i < items.Count; i++)
        {
            items[i].IsPlayback |= isDeadLetter;
        }
    }
}
