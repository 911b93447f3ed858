using System.Text.Json;
using System.Text.Json.Nodes;
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

    private RoutesDocument(byte[] text, RouteTable table, PlacedNode root, JsonProblems problems)
    {
        Text = text;
        Table = table;
        Source = ToJson(root)!;
        _root = root;
        _problems = problems;
    }

    /// <summary>The file as it is written.</summary>
    public byte[] Text { get; }

    public RouteTable Table { get; }

    public JsonNode Source { get; }

    /// <summary>
    /// Null, with all problems, when the function would not start with this file, or when it could not be deployed in this way.
    /// </summary>
    /// <param name="text">The bytes of the file, as the function reads them.</param>
    public static RoutesDocument? Read(byte[] text, JsonProblems problems, Deployment deployment = Deployment.Template)
    {
        var document = Compile(text, problems, out var root);
        if (deployment == Deployment.Template && root is not null)
        {
            ScheduleCheck.Find(root.Value, problems);
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
    public static RoutesDocument? Compile(byte[] text, JsonProblems problems) => Compile(text, problems, out _);

    private static RoutesDocument? Compile(byte[] text, JsonProblems problems, out PlacedNode? root)
    {
        root = JsonNodeReader.Read(text, problems);
        if (RoutesFile.Read(root, text, handlers: null, problems) is { } table)
        {
            return new(text, table, root!.Value, problems);
        }

        JsonText.Explain(text, problems);
        return null;
    }

    private static JsonNode? ToJson(PlacedNode node) => node.Kind switch
    {
        JsonTokenType.StartObject =>
            new JsonObject(node.Members.ToArray().Select(member => KeyValuePair.Create(member.Name, ToJson(member.Value)))),
        JsonTokenType.StartArray => new JsonArray([.. node.Items.ToArray().Select(ToJson)]),
        JsonTokenType.String => JsonValue.Create(node.Text),
        JsonTokenType.Number => JsonNode.Parse(node.Text),
        JsonTokenType.Null => null,
        _ => JsonValue.Create(node.Kind == JsonTokenType.True),
    };

    private int Offset(RouteProblem problem)
    {
        var routes = _root.Find("routes")!.Value;
        var named = routes.Items.ToArray().Where(route => route.Find("name")!.Value.Text == problem.Route);
        var route = named.Append(routes).First();
        return problem.Action is { } action ? route.Find("do")!.Value.Items.ToArray()[action].Members.First.Offset
            : (route.Find(problem.Part) ?? route).Offset;
    }
}
