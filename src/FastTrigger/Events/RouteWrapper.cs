using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What generated rules and schedules send (C2.3): {"fasttrigger-route": NAME, "event": {...}}, or with "schedule" and "time" instead of an
/// event. The item is offered to that route alone, so that an event which matches two rules acts once a route.
/// </summary>
internal sealed class RouteWrapper : EventSource
{
    public override string Name => "scheduler";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted || content.Text("fasttrigger-route"u8) is not { } route)
        {
            return false;
        }

        var inner = content.Get("event"u8);
        if (inner.ValueKind == JsonValueKind.Object)
        {
            var item = EventSources.ReadEvent(inner) ?? new(DirectSource.Direct, outer.Id, inner);
            item.RouteName = route;
            return outer.Add(item, items);
        }

        return content.Text("schedule"u8) is { } schedule && content.Text("time"u8) is { } time
            && outer.Add(new(Name, $"{schedule}@{time}", content) { RouteName = route, HasEnvelope = true }, items);
    }
}
