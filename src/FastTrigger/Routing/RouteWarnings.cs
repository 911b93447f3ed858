using FastTrigger.Events;

namespace FastTrigger.Routing;

/// <summary>What could be wrong with a route although it is no mistake: what `fasttrigger check` says.</summary>
internal static class RouteWarnings
{
    public static IEnumerable<string> Of(Route route)
    {
        if (!HasAction(route, static action => action.Once is { Enabled: true, By: null }))
        {
            yield break;
        }

        foreach (var chain in route.From)
        {
            if (EventSources.Find(chain) is { IdLasts: not IdLasts.Always } source)
            {
                yield return $"route '{route.Name}' acts once for an event of '{chain}', "
                    + $"but a second delivery may bring another id ({source.IdText}): "
                    + "name your own id in the event, as in \"once\": {\"by\": \"${event.PATH}\"}, or say \"once\": false";
            }
        }
    }

    private static bool HasAction(Route route, Func<Actions.RouteAction, bool> holds)
    {
        foreach (var action in route.Actions)
        {
            if (holds(action))
            {
                return true;
            }
        }

        return false;
    }
}
