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

    public override string IdText => "that of the event inside, or the schedule's ARN and the scheduled time";

    public override IReadOnlyList<EventSample> Samples => [];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTrusted || content.Text("fasttrigger-route"u8) is not { } route)
        {
            return false;
        }

        var offered = outer with { RouteName = route };
        var inner = content.Get("event"u8);
        if (inner.ValueKind == JsonValueKind.Object)
        {
            if (!EventSources.TryReadEvent(inner, offered, items))
            {
                items.Add(new(offered, DirectSource.Direct, outer.Id, inner));
            }

            return true;
        }

        if (content.Text("schedule"u8) is not { } schedule || content.Text("time"u8) is not { } time)
        {
            return false;
        }

        items.Add(new(offered, Name, ItemId.Lasting($"{schedule}@{time}"), content) { HasEventBridgeFields = true });
        return true;
    }
}
