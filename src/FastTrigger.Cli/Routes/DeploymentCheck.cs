using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Templates;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Routes;

/// <summary>What is made of routes for a deployment. Each needs what the one before it needs.</summary>
internal enum Deployment
{
    /// <summary>The zip, which holds whatever the function starts with.</summary>
    Zip,

    /// <summary>The policy of the function's role.</summary>
    Policy,

    /// <summary>The whole template.</summary>
    Template,
}

/// <summary>What a function would carry out, but AWS, its policy or its template would not.</summary>
internal static class DeploymentCheck
{
    public static IEnumerable<RouteProblem> Find(RoutesDocument document, Deployment deployment) => deployment switch
    {
        Deployment.Zip => [],
        Deployment.Policy => OfPolicy(document),
        _ => OfPolicy(document).Concat(OfTemplate(document)).Distinct(),
    };

    private static IEnumerable<RouteProblem> OfPolicy(RoutesDocument document)
    {
        var policy = new PolicyGenerator(document.Table, document.Source, new("aws", "*", "*", "fasttrigger", "fasttrigger-once"));
        policy.Generate();
        return [.. document.Table.Routes.SelectMany((route, i) => TagsWhatIsNotCreated(route, policy.ApiCalls(i))), .. policy.Problems];
    }

    private static IEnumerable<RouteProblem> OfTemplate(RoutesDocument document)
    {
        var (table, source) = (document.Table, document.Source);
        var template = new TemplateGenerator(table, source, new(30, "function.zip", FilterStreams: false));
        template.Generate();
        var schedules = table.Routes
            .SelectMany((route, i) => ScheduleCheck.Find(route, source["routes"]![i]!["timezone"]?.ToString()));
        return [.. schedules, .. template.Problems];
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
