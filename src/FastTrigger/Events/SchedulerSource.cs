using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// EventBridge Scheduler's own event, sent when a schedule has no input of its own. Its `id` changes with every attempt, so the idempotency
/// key is the schedule's ARN and the scheduled time; `detail` is the string "{}".
/// </summary>
internal sealed class SchedulerSource : EventSource
{
    public override string Name => "scheduler";

    public override string IdText => "the schedule's ARN and the scheduled time";

    public override IReadOnlyList<EventSample> Samples =>
        [new("scheduler", "EventBridge Scheduler, a schedule without an input of its own")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted || !content.Get("source"u8).IsText("aws.scheduler"u8) || !content.Get("detail-type"u8).IsText()
            || content.Text("time"u8) is not { } time)
        {
            return false;
        }

        var resources = content.Get("resources"u8);
        if (resources.ValueKind != JsonValueKind.Array || resources.GetArrayLength() == 0 || resources[0].Text() is not { } schedule)
        {
            return false;
        }

        items.Add(new(outer, Name, ItemId.Lasting($"{schedule}@{time}"), content) { HasEventBridgeFields = true });
        return true;
    }
}
