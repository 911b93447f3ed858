using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// EventBridge Scheduler's own event, sent when a schedule has no input of its own. Its `id` changes with every attempt, so the schedule's
/// ARN and the scheduled time are acted on once by; `detail` is the string "{}".
/// </summary>
internal sealed class SchedulerSource : EventSource
{
    public override string Name => "scheduler";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) => outer.IsTrusted && Read(content) is { } item && outer.Add(item, items);

    /// <summary>Null for any other JSON.</summary>
    public Item? Read(JsonElement root)
    {
        if (!root.Get("source"u8).IsText("aws.scheduler"u8) || !root.Get("detail-type"u8).IsText() || root.Text("time"u8) is not { } time)
        {
            return null;
        }

        var resources = root.Get("resources"u8);
        var schedule = resources.ValueKind == JsonValueKind.Array && resources.GetArrayLength() > 0 ? resources[0].Text() : null;
        return schedule is null ? null : new(Name, $"{schedule}@{time}", root) { HasEnvelope = true };
    }
}
