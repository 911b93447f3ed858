using System.Text.Json;
using FastTrigger.Http;
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
        if (root.Text("id"u8) is not { } id || root.Text("source"u8) is null || root.Text("detail-type"u8) is null || root.Get("detail"u8).IsMissing())
        {
            return null;
        }

        return new(Name, id, root) { TimeMs = Time(root), Region = root.Text("region"u8), Account = root.Text("account"u8) };
    }

    internal static long? Time(JsonElement root) => root.Text("time"u8) is { } text && UtcTime.TryParseIso(text, out var time) ? time : null;
}
