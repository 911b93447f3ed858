using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// An EventBridge event (docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html): CloudTrail API calls, state changes,
/// scheduled rules, CloudWatch alarms, findings of Security Hub and GuardDuty, AWS Health and custom sources alike. EventBridge delivers at least once; `id` stays the same.
/// Inside of an envelope that anybody may have written, only those of custom sources count (C2.2).
/// </summary>
internal sealed class EventBridgeSource : EventSource
{
    public override string Name => "eventbridge";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) =>
        (outer.IsTrusted || content.Text("source"u8) is { } source && !source.StartsWith("aws.", StringComparison.OrdinalIgnoreCase)) && Read(content) is { } item && outer.Add(item, items);

    /// <summary>Null for any other JSON.</summary>
    public Item? Read(JsonElement root)
    {
        if (root.Text("id"u8) is not { } id || !root.Get("source"u8).IsText() || !root.Get("detail-type"u8).IsText() || root.Get("detail"u8).IsMissing())
        {
            return null;
        }

        return new(Name, id, root) { HasEnvelope = true };
    }
}
