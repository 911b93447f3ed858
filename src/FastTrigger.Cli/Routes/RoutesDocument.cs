using FastTrigger.Cli.Json;
using FastTrigger.Json;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using PlacedNode = FastTrigger.Json.JsonNode;

namespace FastTrigger.Cli.Routes;

/// <summary>A routes file without mistakes: compiled, as JSON, and with the places of its parts.</summary>
internal sealed class RoutesDocument
{
    private readonly PlacedNode _root;
    private readonly JsonProblems _problems;

    private RoutesDocument(RouteTable table, JsonNode source, PlacedNode root, JsonProblems problems)
    {
        _problems = problems;
        Table = table;
        Source = source;
        _root = root;
    }

    public RouteTable Table { get; }

    public JsonNode Source { get; }

    /// <summary>
    /// Null, with all problems, when the function would not start with this file, or when it could not be deployed in this way.
    /// </summary>
    /// <param name="text">The file without a byte order mark.</param>
    public static RoutesDocument? Read(byte[] text, JsonProblems problems, Deployment deployment = Deployment.Template)
    {
        var document = Compile(text, problems);
        if (deployment == Deployment.Template && JsonNodeReader.Read(text, new("", text)) is { } root)
        {
            ScheduleCheck.Find(root, problems);
        }

        if (document is null)
        {
            return null;
        }

        document.Locate(DeploymentCheck.Find(document, deployment));
        return problems.Any ? null : document;
    }

    /// <summary>The problems of routes at their places.</summary>
    public JsonProblems Locate(IEnumerable<RouteProblem> found)
    {
        foreach (var problem in found)
        {
            _problems.Add(Offset(problem), problem.Route is { } name ? $"route '{name}': {problem.Message}" : problem.Message);
        }

        return _problems;
    }

    /// <summary>Null, with all problems, when the function would not start with this file.</summary>
    public static RoutesDocument? Compile(byte[] text, JsonProblems problems)
    {
        if (RoutesFile.Read(text, handlers: null, problems) is { } table)
        {
            var source = JsonNode.Parse(text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
            return new(table, source, JsonNodeReader.Read(text, problems)!, problems);
        }

        JsonText.Explain(text, problems);
        return null;
    }

    private int Offset(RouteProblem problem)
    {
        var routes = _root.Find("routes")!;
        var route = routes.Items.Find(route => route.Find("name")!.Text == problem.Route) ?? routes;
        return problem.Action is { } action ? route.Find("do")!.Items[action].Members[0].Offset
            : (route.Find(problem.Part) ?? route).Offset;
    }
}
