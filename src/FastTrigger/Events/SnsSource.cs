using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Notifications of a topic: to Lambda itself (docs.aws.amazon.com/lambda/latest/dg/with-sns.html), and as the message of a queue
/// (docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). Patterns see the record, with Message as JSON when it is a JSON object.
/// </summary>
internal sealed class SnsSource : EventSource
{
    public override string Name => "sns";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (IsNotification(content) && content.Get("Type"u8).IsText("Notification"u8))
        {
            Open(content, content, outer, items);
            return true;
        }

        var records = content.Get("Records"u8);
        if (records.ValueKind != JsonValueKind.Array || records.GetArrayLength() == 0)
        {
            return false;
        }

        foreach (var record in records.EnumerateArray())
        {
            if (!record.Get("EventSource"u8).IsText("aws:sns"u8) || !IsNotification(record.Get("Sns"u8)))
            {
                return false;
            }
        }

        foreach (var record in records.EnumerateArray())
        {
            var notification = record.Get("Sns"u8);
            Open(record, notification, outer with { IsTrusted = outer.IsTrusted && outer.Trust(notification.Text("TopicArn"u8)!) }, items);
        }

        return true;
    }

    private static bool IsNotification(JsonElement content) =>
        content.Get("MessageId"u8).IsText() && content.Get("TopicArn"u8).IsText() && content.Get("Message"u8).ValueKind == JsonValueKind.String;

    private void Open(JsonElement record, JsonElement notification, in Envelope outer, List<Item> items)
    {
        var id = notification.Text("MessageId"u8)!;
        var message = Content.OfText(notification.Get("Message"u8));
        if (message.ValueKind == JsonValueKind.Object && outer.Inner(Name, id, record).TryOpen(message, items))
        {
            return;
        }

        var seen = record;
        if (message.ValueKind == JsonValueKind.Object)
        {
            var opened = Content.With(notification, "Message", JsonMarshal.GetRawUtf8Value(message));
            seen = Content.Made(record.Get("Sns"u8).ValueKind == JsonValueKind.Object ? Content.With(record, "Sns", opened) : opened, record);
        }

        outer.Add(new(Name, id, seen), items);
    }
}
