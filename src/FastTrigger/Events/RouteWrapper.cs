using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// What generated rules and schedules send (C2.3): {"fasttrigger-route": NAME, "event": {...}}, or with "schedule" and "time" instead of an
/// event. The item is offered to that route alone, so that an event which matches two rules acts once a route.
/// </summary>
internal static class RouteWrapper
{
    public static bool TryOpen(JsonElement root, Invocation invocation, [NotNullWhen(true)] out Item? item)
    {
        item = null;
        if (root.Text("fasttrigger-route"u8) is not { } route)
        {
            return false;
        }

        var inner = root.Get("event"u8);
        if (inner.ValueKind == JsonValueKind.Object)
        {
            item = EventSources.ReadKnown(inner, invocation) ?? new(DirectSource.Direct, invocation.RequestId, inner);
            item.RouteName = route;
            return true;
        }

        if (root.Text("schedule"u8) is not { } schedule || root.Text("time"u8) is not { } time)
        {
            return false;
        }

        item = new("scheduler", $"{schedule}@{time}", root) { RouteName = route, HasEnvelope = true };
        return true;
    }
}
