using System.Security;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A service with the query form: what each action takes, and the XML that it answers.</summary>
internal abstract class LocalQueryService(string name, string version) : LocalService(name, "application/x-www-form-urlencoded; charset=utf-8")
{
    private readonly Dictionary<string, Func<QueryParameters, (JsonObject Parameters, Func<string> Run)>> _actions = [];

    public override LocalOperation Read(string? operation, string body)
    {
        var query = new QueryParameters(body);
        var action = query.Take("Action") ?? throw new AwsError(400, "MissingAction", "The request must contain the parameter Action");
        if (query.Take("Version") != version)
        {
            throw new AwsError(400, "InvalidAction", $"The action {action} is not valid for this version");
        }

        if (!_actions.TryGetValue(action, out var read))
        {
            throw new AwsError(400, "InvalidAction", $"The action {action} is not carried out by this local {Name}");
        }

        var (parameters, run) = read(query);
        query.End();
        return new(action, parameters, run);
    }

    /// <summary>The document an error is answered with.</summary>
    public virtual string Error(string code, string message) =>
        $"""<ErrorResponse><Error><Type>Sender</Type><Code>{Xml(code)}</Code><Message>{Xml(message)}</Message></Error><RequestId>{Guid.NewGuid()}</RequestId></ErrorResponse>""";

    protected void Add(string action, Func<QueryParameters, (JsonObject Parameters, Func<string> Run)> read) => _actions[action] = read;

    protected static string Xml(string text) => SecurityElement.Escape(text);

    /// <summary>ACTIONResponse with ACTIONResult inside, as all but EC2 answer.</summary>
    protected static string Answer(string action, string inner) =>
        $"<{action}Response><{action}Result>{inner}</{action}Result><ResponseMetadata><RequestId>{Guid.NewGuid()}</RequestId></ResponseMetadata></{action}Response>";
}
