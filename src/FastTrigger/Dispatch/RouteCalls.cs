using FastTrigger.Actions;
using FastTrigger.Actions.Once;
using FastTrigger.Dispatch.Callbacks;
using FastTrigger.Events;
using FastTrigger.Routing;

namespace FastTrigger.Dispatch;

/// <summary>Every call of AWS that is made for a route: by its actions, its authorization and its callbacks.</summary>
internal static class RouteCalls
{
    public static IReadOnlyList<ActionCall> Of(Route route)
    {
        var calls = new List<ActionCall>();
        foreach (var action in route.Actions)
        {
            calls.AddRange(action.Calls);
        }

        if (route.Auth is not null && route.NeedsOnceTable)
        {
            calls.AddRange(ReplayGuard.Calls);
        }

        if (route.Lifecycle is not null)
        {
            calls.AddRange(CallbackSender.Of(CallbackKind.Lifecycle).Calls);
        }

        foreach (var chain in route.From)
        {
            foreach (var kind in EventSources.Find(chain)?.Callbacks ?? [])
            {
                // A hook is completed only by a route that says so.
                calls.AddRange(kind == CallbackKind.Lifecycle ? [] : CallbackSender.Of(kind).Calls);
            }
        }

        return calls;
    }
}
