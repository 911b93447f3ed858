using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Mail that Amazon SES received (docs.aws.amazon.com/ses/latest/dg/receiving-email-action-lambda-event.html): its headers and verdicts.
/// Each receipt rule that takes a mail sends it with the recipients that the rule matched.
/// </summary>
internal sealed class SesSource : EventSource
{
    public override string Name => "ses";

    public override string IdText => "the mail's messageId, and the recipients and action of the receipt rule";

    public override IReadOnlyList<EventSample> Samples => [new("ses", "Mail that Amazon SES received")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted
            || !Records.AreOf(content, "aws:ses"u8, static record => record.Get("ses"u8).Get("mail"u8, "messageId"u8).IsText()))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            var ses = record.Get("ses"u8);
            items.Add(new(outer, Name, ItemId.Lasting(ses.Get("mail"u8).Text("messageId"u8), RuleOf(ses.Get("receipt"u8))), record));
        }

        return true;
    }

    /// <summary>The event does not name the rule: what it matched and what it does tell it from the others.</summary>
    private static string RuleOf(JsonElement receipt)
    {
        var recipients = new List<string>();
        if (receipt.Get("recipients"u8) is { ValueKind: JsonValueKind.Array } matched)
        {
            foreach (var recipient in matched.EnumerateArray())
            {
                recipients.Add(recipient.Text() ?? "");
            }
        }

        var action = receipt.Get("action"u8);
        return $"{string.Join(',', recipients)}/{action.Text("functionArn"u8)}/{action.Text("invocationType"u8)}";
    }
}
