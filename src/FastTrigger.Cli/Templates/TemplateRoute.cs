using System.Text.Json.Nodes;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>A route with its JSON in the routes file, and the logical id of its resources.</summary>
internal sealed record TemplateRoute(Route Route, JsonNode Source, string Id)
{
    public string Name => Route.Name;

    /// <summary>The event pattern as it is written; null for a route on a schedule.</summary>
    public JsonObject? When => Source["when"]?.AsObject();

    /// <summary>The event bus of its rule; null for the default one.</summary>
    public string? Bus => Source["bus"]?.GetValue<string>() is { } bus and not "default" ? bus : null;

    /// <summary>Whether `from` names the source, or a chain that starts with it.</summary>
    public bool Takes(string source) => Route.From.Any(chain => chain.Split('/')[0] == source);

    /// <summary>All routes. Names that differ only in punctuation get numbers in their logical ids.</summary>
    public static IReadOnlyList<TemplateRoute> All(RouteTable table, JsonNode file)
    {
        var routes = new List<TemplateRoute>();
        var ids = new HashSet<string>();
        for (var i = 0; i < table.Routes.Count; i++)
        {
            var route = table.Routes[i];
            var id = LogicalId(route.Name);
            for (var number = 2; !ids.Add(id); number++)
            {
                id = $"{LogicalId(route.Name)}No{number}";
            }

            routes.Add(new(route, file["routes"]![i]!, id));
        }

        return routes;
    }
}
