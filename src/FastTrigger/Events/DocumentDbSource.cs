using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A change stream of Amazon DocumentDB (docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html): one item a change, in order. Patterns
/// see `event`, as Lambda's own filters do, beside the cluster's eventSourceArn. Lambda tries the whole batch again.
/// </summary>
internal sealed class DocumentDbSource : EventSource
{
    public override string Name => "documentdb";

    public override BatchForm Form => BatchForm.Whole;

    public override string IdText => "the cluster's ARN and the change's resume token";

    public override IReadOnlyList<EventSample> Samples => [new("documentdb", "Changes of an Amazon DocumentDB collection")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var events = content.Get("events"u8);
        if (!outer.IsTop || !content.Get("eventSource"u8).IsText("aws:docdb"u8) || content.Text("eventSourceArn"u8) is not { } cluster
            || events.ValueKind != JsonValueKind.Array || events.GetArrayLength() == 0)
        {
            return false;
        }

        foreach (var change in events.EnumerateArray())
        {
            if (!change.Get("event"u8).Get("_id"u8, "_data"u8).IsText())
            {
                return false;
            }
        }

        foreach (var change in events.EnumerateArray())
        {
            var id = ItemId.Lasting(cluster, change.Get("event"u8).Get("_id"u8).Text("_data"u8));
            var seen = Content.Made(Content.With(change, "eventSourceArn", Content.Quoted(cluster)), change);
            items.Add(new(outer with { Group = Records.Shard }, Name, id, seen));
        }

        return true;
    }
}
