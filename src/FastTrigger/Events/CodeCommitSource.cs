using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>A trigger of an AWS CodeCommit repository (docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-lambda.html), acted on once by its eventId.</summary>
internal sealed class CodeCommitSource : EventSource
{
    public override string Name => "codecommit";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted || !Records.AreOf(content, "aws:codecommit"u8, static record => record.Get("eventId"u8).IsText() && record.Get("codecommit"u8).ValueKind == JsonValueKind.Object))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            outer.Add(new(Name, record.Text("eventId"u8)!, record), items);
        }

        return true;
    }
}
