using System.Text.Json.Nodes;
using FastTrigger.Cli.Policy;
using FastTrigger.Cli.Routes;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>The routes that a template is made of, and the parts of the template that triggers add to.</summary>
internal sealed class TemplateParts
{
    public TemplateParts(RouteTable table, JsonNode file, TemplateSettings settings)
    {
        (Table, File, Settings) = (table, file, settings);
        Routes = TemplateRoute.All(table, file);
        Queues = new(settings, Events, Resources);
    }

    public RouteTable Table { get; }

    /// <summary>The routes file.</summary>
    public JsonNode File { get; }

    public TemplateSettings Settings { get; }

    public IReadOnlyList<TemplateRoute> Routes { get; }

    public JsonObject Parameters { get; } = [];

    public JsonObject Conditions { get; } = [];

    public JsonObject Resources { get; } = [];

    /// <summary>The function's event sources by logical id.</summary>
    public JsonObject Events { get; } = [];

    public TemplateQueues Queues { get; }

    /// <summary>The permissions that the function's role needs for its triggers.</summary>
    public List<PolicyStatement> Statements { get; } = [];

    /// <summary>The permissions that the function's role needs when a condition of the template holds.</summary>
    public List<(string Condition, PolicyStatement Statement)> ConditionalStatements { get; } = [];

    /// <summary>The reasons why no template can be created.</summary>
    public List<RouteProblem> Problems { get; } = [];

    /// <summary>The steps that the template leaves to the user.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The authorization of the Function URL; null when there is none.</summary>
    public string? UrlAuthorization { get; set; }

    /// <summary>The event buses, besides the default one, whose rules invoke the function.</summary>
    public List<string> Buses { get; } = [];

    /// <summary>Whether a mapping has the metric IteratorAge, which gets an alarm.</summary>
    public bool HasIteratorAge { get; set; }

    /// <summary>Adds a note once, however many routes need it.</summary>
    public void AddNote(string note)
    {
        if (!Notes.Contains(note))
        {
            Notes.Add(note);
        }
    }

    /// <summary>Adds a parameter without a default, which the user must give.</summary>
    public void AddParameter(string name, string description) => Parameters[name] = StringParameter(description);

    /// <summary>Adds a parameter that may be empty, and the condition Has... that it is not.</summary>
    /// <returns>The name of the condition.</returns>
    public string AddOptionalParameter(string name, string description)
    {
        var condition = "Has" + name;
        Parameters[name] = new JsonObject { ["Type"] = "String", ["Default"] = "", ["Description"] = description };
        Conditions[condition] = new JsonObject
        {
            ["Fn::Not"] = new JsonArray(new JsonObject { ["Fn::Equals"] = new JsonArray(Ref(name), "") }),
        };
        return condition;
    }

    /// <summary>Adds parameters for the provisioned mode of a mapping, which costs by the poller.</summary>
    /// <param name="mapping">What has the mode, for the names of the parameters.</param>
    /// <param name="minimum">The default; 0 for the ordinary mode.</param>
    /// <returns>The mapping's ProvisionedPollerConfig.</returns>
    public JsonObject AddPollers(string mapping, int minimum, int maximum)
    {
        var ordinary = minimum == 0 ? "; 0 for the ordinary mode" : "";
        Parameters[mapping + "MinimumPollers"] = new JsonObject
        {
            ["Type"] = "Number",
            ["Default"] = minimum,
            ["Description"] = $"Pollers of the mapping's provisioned mode that are always there{ordinary}",
        };
        Parameters[mapping + "MaximumPollers"] = new JsonObject
        {
            ["Type"] = "Number",
            ["Default"] = maximum,
            ["Description"] = "Pollers that it may have",
        };
        return new()
        {
            ["MinimumPollers"] = Ref(mapping + "MinimumPollers"),
            ["MaximumPollers"] = Ref(mapping + "MaximumPollers"),
        };
    }

    /// <summary>Adds a statement to the function's role.</summary>
    /// <param name="resource">An ARN. It may have variables of Fn::Sub.</param>
    public void AddStatement(string sid, IReadOnlyList<string> actions, string resource, string why) =>
        Statements.Add(CreateStatement(sid, actions, resource, why));

    /// <summary>Adds a statement to the function's role that holds only under a condition.</summary>
    public void AddStatementIf(string condition, string sid, IReadOnlyList<string> actions, string resource, string why) =>
        ConditionalStatements.Add((condition, CreateStatement(sid, actions, resource, why)));

    private static PolicyStatement CreateStatement(string sid, IReadOnlyList<string> actions, string resource, string why)
    {
        var statement = new PolicyStatement(sid, actions, null, why);
        statement.Resources.Add(resource);
        return statement;
    }
}
