using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// An EventBridge event (docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html): CloudTrail API calls, state changes,
/// scheduled rules, CloudWatch alarms and custom sources alike. EventBridge delivers at least once; `id` stays the same.
/// </summary>
internal sealed class EventBridgeSource : EventSource
{
    public override string Name => "eventbridge";

    public override Item? Read(JsonElement root, Invocation invocation)
    {
        if (root.Text("id"u8) is not { } id || !root.Get("source"u8).IsText() || !root.Get("detail-type"u8).IsText() || root.Get("detail"u8).IsMissing())
        {
            return null;
        }

        return new(Name, id, root) { HasEnvelope = true };
    }
}
