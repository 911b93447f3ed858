using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// EventBridge Scheduler's own event, sent when a schedule has no input of its own. Its `id` changes with every attempt, so the schedule's
/// ARN and the scheduled time are acted on once by; `detail` is the string "{}".
/// </summary>
internal sealed class SchedulerSource : EventSource
{
    public override string Name => "scheduler";

    public override Item? Read(JsonElement root, Invocation invocation)
    {
        if (root.Text("source"u8) != "aws.scheduler" || root.Text("detail-type"u8) is null || root.Text("time"u8) is not { } time)
        {
            return null;
        }

        var resources = root.Get("resources"u8);
        var schedule = resources.ValueKind == JsonValueKind.Array && resources.GetArrayLength() > 0 ? resources[0].Text() : null;
        return schedule is null ? null : new(Name, $"{schedule}@{time}", root) { TimeMs = EventBridgeSource.Time(root), Region = root.Text("region"u8), Account = root.Text("account"u8) };
    }
}
