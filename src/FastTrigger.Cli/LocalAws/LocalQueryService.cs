using System.Security;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A service with the query protocol: its actions with their parameters, and their XML responses.</summary>
internal abstract class LocalQueryService(string name, string version)
    : LocalService(name, "application/x-www-form-urlencoded; charset=utf-8")
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
            throw new AwsError(400, "InvalidAction", $"The local {Name} does not support the action {action}");
        }

        var (parameters, run) = read(query);
        query.End();
        return new(action, parameters, run);
    }

    /// <summary>The response document of an error.</summary>
    public virtual string Error(string code, string message) =>
        $"<ErrorResponse><Error><Type>Sender</Type><Code>{Xml(code)}</Code><Message>{Xml(message)}</Message></Error>"
        + $"<RequestId>{Guid.NewGuid()}</RequestId></ErrorResponse>";

    protected void Add(string action, Func<QueryParameters, (JsonObject Parameters, Func<string> Run)> read) => _actions[action] = read;

    protected static string Xml(string text) => SecurityElement.Escape(text);

    /// <summary>The response document: ACTIONResponse with ACTIONResult inside, for all services but EC2.</summary>
    protected static string Answer(string action, string inner) =>
        $"<{action}Response><{action}Result>{inner}</{action}Result>"
        + $"<ResponseMetadata><RequestId>{Guid.NewGuid()}</RequestId></ResponseMetadata></{action}Response>";
}
