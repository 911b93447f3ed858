using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Notifications of a topic: to Lambda itself (docs.aws.amazon.com/lambda/latest/dg/with-sns.html), and as the message of a queue
/// (docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). Patterns see the record, with Message as JSON when it is a JSON
/// object.
/// </summary>
internal sealed class SnsSource : EventSource
{
    public override string Name => "sns";

    public override string IdText => "the notification's MessageId, or that of the event inside";

    public override IReadOnlyList<CallbackKind> Callbacks => [CallbackKind.Lifecycle];

    public override bool IsEnvelope => true;

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("sns", "A notification of a topic"),
        new("sns-alarm", "A CloudWatch alarm by a topic"),
        new("sns-dead-letter", "A dead letter of an asynchronous invocation, by a topic"),
        new("sns/eventbridge", "A rule's event by a topic"),
        new("sns/s3", "A bucket's notification by a topic"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (IsNotification(content) && content.Get("Type"u8).IsText("Notification"u8))
        {
            Read(content, content, outer, items);
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
            Read(record, notification, outer.From(notification.Text("TopicArn"u8)), items);
        }

        return true;
    }

    private static bool IsNotification(JsonElement content) =>
        content.Get("MessageId"u8).IsText()
            && content.Get("TopicArn"u8).IsText()
            && content.Get("Message"u8).ValueKind == JsonValueKind.String;

    private void Read(JsonElement record, JsonElement notification, in Envelope outer, List<Item> items)
    {
        var id = notification.Text("MessageId"u8)!;
        var message = Content.OfText(notification.Get("Message"u8));
        var letter = outer.IsTrusted ? DeadLetter.Read(notification.Get("MessageAttributes"u8), "Value"u8) : null;
        var envelope = outer with { IsPlayback = outer.IsPlayback || letter is not null };
        if (message.ValueKind != JsonValueKind.Object)
        {
            items.Add(new(envelope, Name, ItemId.Lasting(id), record));
            return;
        }

        var inner = envelope.Inner(Name, ItemId.Lasting(letter is { Length: > 0 } request ? request : id), record);
        if (inner.TryOpen(message, items))
        {
            return;
        }

        if (letter is not null)
        {
            items.Add(new(inner, DirectSource.Direct, inner.Id, message));
            return;
        }

        var opened = Content.With(notification, "Message", JsonMarshal.GetRawUtf8Value(message));
        var isRecord = record.Get("Sns"u8).ValueKind == JsonValueKind.Object;
        var seen = Content.Made(isRecord ? Content.With(record, "Sns", opened.Span) : opened, record);
        items.Add(new(envelope, Name, ItemId.Lasting(id), seen)
        {
            Callback = envelope.IsTrusted ? LifecycleNotice.OfNotice(message) : null,
        });
    }
}
