using FastTrigger.Events;
using FastTrigger.Values;

namespace FastTrigger.Routing;

/// <summary>Whether a route's settings fit the sources that it takes: what a source cannot do is a mistake, not a surprise.</summary>
internal static class RouteSources
{
    /// <param name="chains">Those of `from`; none for a route that takes any source.</param>
    public static void Check(SettingReader route, List<string> chains)
    {
        CheckAuth(route, chains);
        if (route.Node.Find("lifecycle") is { } lifecycle
            && chains.Count > 0
            && !Exists(chains, static source => Has(source, CallbackKind.Lifecycle)))
        {
            route.Problems.Add(
                lifecycle,
                $"'lifecycle' completes a hook of Auto Scaling, and none comes from {string.Join(" or ", chains)}");
        }

        if (route.Node.Find("retryFor") is { } retryFor && FindFinal(chains) is { } final)
        {
            route.Problems.Add(
                retryFor,
                $"'{final}' waits for one answer and delivers nothing again, so 'retryFor' has no effect: "
                    + "an action that may be done another time is tried again until the invocation's time is up");
        }
    }

    private static void CheckAuth(SettingReader route, List<string> chains)
    {
        var auth = route.Node.Find("auth");
        var needsAuth = Exists(chains, static source => source.NeedsAuth);
        if (needsAuth && auth is null)
        {
            route.Problems.Add(
                route.Node.Find("from")!,
                "a route that takes HTTP requests says who may send them: "
                    + "\"auth\" is {\"iam\": {...}}, {\"jwt\": {...}}, {\"hmac\": {...}} or \"none\"");
        }
        else if (!needsAuth && auth is not null)
        {
            route.Problems.Add(auth, "'auth' stands beside \"from\": [\"http\"], without which the route takes no HTTP request");
        }
    }

    private static string? FindFinal(List<string> chains) =>
        chains.Find(static chain => EventSources.Find(chain) is { } source
            && (Has(source, CallbackKind.CodePipeline) || Has(source, CallbackKind.CloudFormation)));

    private static bool Exists(List<string> chains, Predicate<EventSource> holds) =>
        chains.Exists(chain => EventSources.Find(chain) is { } source && holds(source));

    private static bool Has(EventSource source, CallbackKind kind)
    {
        foreach (var callback in source.Callbacks)
        {
            if (callback == kind)
            {
                return true;
            }
        }

        return false;
    }
}
