using FastTrigger.Events;
using FastTrigger.Values;

namespace FastTrigger.Routing;

/// <summary>Whether a route's settings fit the sources that it takes: what a source cannot do is a mistake, not a surprise.</summary>
internal static class RouteSources
{
    /// <param name="chains">Those of `from`; none for a route that takes any source.</param>
    public static void Check(SettingReader route, IReadOnlyList<string> chains)
    {
        CheckAuth(route, chains);
        if (route.Find("lifecycle") is { } lifecycle
            && chains.Count > 0
            && Find(chains, static source => Has(source, CallbackKind.Lifecycle)) is null)
        {
            route.Problems.Add(
                lifecycle,
                $"'lifecycle' completes a hook of Auto Scaling, and none comes from {string.Join(" or ", chains)}");
        }

        if (route.Find("retryFor") is { } retryFor && FindFinal(chains) is { } final)
        {
            route.Problems.Add(
                retryFor,
                $"'{final}' waits for one answer and delivers nothing again, so 'retryFor' has no effect: "
                    + "an action that may be done another time is tried again until the invocation's time is up");
        }
    }

    private static void CheckAuth(SettingReader route, IReadOnlyList<string> chains)
    {
        var auth = route.Find("auth");
        var needsAuth = Find(chains, static source => source.NeedsAuth) is not null;
        if (needsAuth && auth is null)
        {
            route.Problems.Add(
                route.Find("from")!.Value,
                "a route that takes HTTP requests says who may send them: "
                    + "\"auth\" is {\"iam\": {...}}, {\"jwt\": {...}}, {\"hmac\": {...}} or \"none\"");
        }
        else if (!needsAuth && auth is { } useless)
        {
            route.Problems.Add(useless, "'auth' stands beside \"from\": [\"http\"], without which the route takes no HTTP request");
        }
    }

    private static string? FindFinal(IReadOnlyList<string> chains) =>
        Find(chains, static source => Has(source, CallbackKind.CodePipeline) || Has(source, CallbackKind.CloudFormation));

    private static string? Find(IReadOnlyList<string> chains, Predicate<EventSource> holds)
    {
        for (var i = 0; i < chains.Count; i++)
        {
            if (EventSources.Find(chains[i]) is { } source && holds(source))
            {
                return chains[i];
            }
        }

        return null;
    }

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
