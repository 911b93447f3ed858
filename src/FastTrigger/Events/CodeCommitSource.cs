using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A trigger of an AWS CodeCommit repository (docs.aws.amazon.com/codecommit/latest/userguide/how-to-notify-lambda.html).
/// </summary>
internal sealed class CodeCommitSource : EventSource
{
    public override string Name => "codecommit";

    public override string IdText => "the record's eventId";

    public override IReadOnlyList<EventSample> Samples => [new("codecommit", "A push to an AWS CodeCommit repository")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted || !Records.AreOf(content, "aws:codecommit"u8, IsRecord))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            items.Add(new(outer, Name, ItemId.Lasting(record.Text("eventId"u8)!), record));
        }

        return true;
    }

    private static bool IsRecord(JsonElement record) =>
        record.Get("eventId"u8).IsText() && record.Get("codecommit"u8).ValueKind == JsonValueKind.Object;
}
