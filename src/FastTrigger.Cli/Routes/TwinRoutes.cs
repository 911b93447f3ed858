using System.Text.Json.Nodes;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Routes;

/// <summary>Routes that take exactly the same events, as a copy that was not changed does: a warning of `fasttrigger check`.</summary>
internal static class TwinRoutes
{
    public static IEnumerable<string> Find(RoutesDocument document)
    {
        var routes = document.Table.Routes.Zip(document.Source["routes"]!.AsArray()).ToList();
        for (var i = 0; i < routes.Count; i++)
        {
            var (route, source) = routes[i];
            if (routes.Take(i).FirstOrDefault(other => AreTwins(route, source!, other.First, other.Second!)).First is { } first)
            {
                yield return $"route '{route.Name}' has the 'when' and 'from' of route '{first.Name}': both act on each of their events";
            }
        }
    }

    /// <summary>A dry run beside its route is meant, and so are routes for other senders.</summary>
    private static bool AreTwins(Route one, JsonNode source, Route other, JsonNode otherSource) =>
        one.When is not null
        && one.DryRun == other.DryRun
        && one.From.ToHashSet().SetEquals(other.From)
        && JsonNode.DeepEquals(source["when"], otherSource["when"])
        && JsonNode.DeepEquals(source["auth"], otherSource["auth"]);
}
