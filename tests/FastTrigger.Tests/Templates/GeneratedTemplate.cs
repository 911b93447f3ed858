using System.Text.Json.Nodes;
using FastTrigger.Cli.Templates;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Templates;

/// <summary>A template of routes, and what tests read of it.</summary>
internal sealed class GeneratedTemplate
{
    private readonly TemplateGenerator _generator;

    public GeneratedTemplate(params string[] routes)
        : this(filterStreams: false, routes)
    {
    }

    public GeneratedTemplate(bool filterStreams, params string[] routes)
    {
        var text = $$"""{"routes":[{{string.Join(',', routes)}}]}""";
        var table = RoutesText.Read(text, out var problems);
        Assert.True(table is not null, problems);
        _generator = new(table, JsonNode.Parse(text)!, new(30, "function.zip", filterStreams));
        Template = _generator.Generate();
    }

    public JsonObject Template { get; }

    public IReadOnlyList<string> Problems =>
        [.. _generator.Problems.Select(problem => $"route '{problem.Route}': {problem.Message}")];

    public IReadOnlyList<string> Notes => _generator.Notes;

    public JsonObject Parameters => Template[nameof(Parameters)]!.AsObject();

    public JsonObject Conditions => Template[nameof(Conditions)]!.AsObject();

    public JsonObject Resources => Template[nameof(Resources)]!.AsObject();

    public JsonNode Function => Resources[nameof(Function)]!["Properties"]!;

    /// <summary>The function's event sources, without the disabled mappings for playback.</summary>
    public List<JsonNode> Events =>
    [
        .. Function[nameof(Events)]!.AsObject()
            .Where(member => !member.Key.StartsWith("Playback", StringComparison.Ordinal))
            .Select(member => member.Value!),
    ];

    public List<JsonNode> EventsOf(string type) => [.. Events.Where(source => source["Type"]!.ToString() == type)];

    public List<JsonNode> ResourcesOf(string type) =>
        [.. Resources.Select(member => member.Value!).Where(resource => resource["Type"]!.ToString() == type)];

    /// <summary>The parameter with the ARN of each mapping.</summary>
    public List<string> MappedParameters =>
    [
        .. ResourcesOf("AWS::Lambda::EventSourceMapping")
            .Select(mapping => mapping["Properties"]!["EventSourceArn"])
            .Concat(Events.Select(source => source["Properties"]!).Select(
                properties => properties["Queue"] ?? properties["Stream"] ?? properties["Broker"]))
            .Select(arn => (arn as JsonObject)?["Ref"]?.ToString())
            .OfType<string>(),
    ];

    /// <summary>The unconditional statements of the function's role.</summary>
    public List<JsonNode> Statements =>
    [
        .. Policies.Where(policy => policy["PolicyName"] is not null).SelectMany(policy => StatementsOf(policy)),
    ];

    /// <summary>The statements of the function's role that hold only under this condition.</summary>
    public List<JsonNode> StatementsIf(string condition) =>
    [
        .. Policies.Select(policy => policy["Fn::If"]).OfType<JsonArray>()
            .Where(choice => choice[0]!.ToString() == condition)
            .SelectMany(choice => StatementsOf(choice[1]!)),
    ];

    private IEnumerable<JsonNode> Policies =>
        Resources["FunctionRole"]!["Properties"]![nameof(Policies)]!.AsArray().Select(policy => policy!);

    /// <summary>The actions that statements allow on a resource, which may have variables of Fn::Sub.</summary>
    public static List<string> ActionsOn(IEnumerable<JsonNode> statements, string resource) =>
    [
        .. statements
            .Where(statement => statement["Resource"]!.AsArray().Select(TextOf).Contains(resource))
            .SelectMany(statement => statement["Action"]!.AsArray())
            .Select(action => action!.ToString())
            .Order(StringComparer.Ordinal),
    ];

    private static string TextOf(JsonNode? arn) => (arn is JsonObject sub ? sub["Fn::Sub"] : arn)!.ToString();

    private static IEnumerable<JsonNode> StatementsOf(JsonNode policy) =>
        policy["PolicyDocument"]!["Statement"]!.AsArray().Select(statement => statement!);
}
