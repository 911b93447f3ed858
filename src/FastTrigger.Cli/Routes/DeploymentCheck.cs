using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Templates;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Routes;

/// <summary>
/// What a function would carry out, but AWS, its policy or its template would not: the same for every command that reads routes for a
/// deployment.
/// </summary>
internal static class DeploymentCheck
{
    public static IEnumerable<RouteProblem> Find(RoutesDocument document)
    {
        var (table, source) = (document.Table, document.Source);
        var policy = new PolicyGenerator(table, source, new("aws", "*", "*", "fasttrigger", "fasttrigger-once"));
        policy.Generate();
        var template = new TemplateGenerator(table, source, new(30, "function.zip", FilterStreams: false));
        template.Generate();
        var ofRoutes = table.Routes.SelectMany((route, i) => (IEnumerable<RouteProblem>)
        [
            .. ScheduleCheck.Find(route, source["routes"]![i]!["timezone"]?.ToString()),
            .. TagsWhatIsNotCreated(route, policy.ApiCalls(i)),
        ]);
        return [.. ofRoutes, .. policy.Problems.Concat(template.Problems).Distinct()];
    }

    /// <summary>A `tag` tags what the event's API call created.</summary>
    /// <param name="calls">The calls that the route takes; none when it takes others, too.</param>
    private static IEnumerable<RouteProblem> TagsWhatIsNotCreated(Route route, IReadOnlyList<string> calls)
    {
        if (calls.Count == 0 || calls.Any(call => CreatingCalls.Find(call) is not null))
        {
            return [];
        }

        var message = $"it tags what an API call created, and {string.Join(", ", calls)} creates nothing that can be tagged; "
            + "docs/actions.md lists the calls that do, such as RunInstances";
        return Enumerable.Range(0, route.Actions.Count)
            .Where(i => route.Actions[i] is TagAction)
            .Select(i => new RouteProblem(route.Name, "do", message, i));
    }
}
