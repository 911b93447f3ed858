using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>Mail that Amazon SES received (docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda-event.html): its headers and verdicts, acted on once by its message id.</summary>
internal sealed class SesSource : EventSource
{
    public override string Name => "ses";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted || !Records.AreOf(content, "aws:ses"u8, static record => record.Get("ses"u8).Get("mail"u8, "messageId"u8).IsText()))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            outer.Add(new(Name, record.Get("ses"u8).Get("mail"u8).Text("messageId"u8)!, record), items);
        }

        return true;
    }
}
