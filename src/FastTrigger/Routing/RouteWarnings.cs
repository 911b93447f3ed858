using FastTrigger.Events;

namespace FastTrigger.Routing;

/// <summary>What could be wrong with a route although it is no mistake: what `fasttrigger check` says.</summary>
internal static class RouteWarnings
{
    public static IEnumerable<string> Of(Route route)
    {
        if (route.RetryForMs is null && HasAction(route, static action => action.NeedsNewInstance))
        {
            yield return $"route '{route.Name}' runs a command on an instance that its event names: "
                + "the agent of one that was just launched is often later than Lambda's retries, which end after three minutes. "
                + "\"retryFor\": \"15m\" has the event delivered again for longer, by a queue between the rule and the function";
        }

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
