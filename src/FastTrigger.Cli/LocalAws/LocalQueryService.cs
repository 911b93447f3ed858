using System.Security;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws.Models;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A service with the query protocol: form bodies, and XML responses.</summary>
internal abstract class LocalQueryService(string name, string version)
    : LocalService(name, "application/x-www-form-urlencoded; charset=utf-8")
{
    public override string ResponseType => "text/xml;charset=UTF-8";

    public override string Peek(string target, byte[] body) =>
        Encoding.UTF8.GetString(body).Split('&').FirstOrDefault(pair => pair.StartsWith("Action=", StringComparison.Ordinal))?[7..] ?? "?";

    public override LocalOperation Read(string target, byte[] body)
    {
        var values = ReadForm(Encoding.UTF8.GetString(body));
        if (!values.TryGetValue("Action", out var action))
        {
            throw new AwsError(400, "MissingAction", "The request must contain the parameter Action");
        }

        if (values.GetValueOrDefault("Version") != version || !Serves(action))
        {
            throw new AwsError(
                400,
                "InvalidAction",
                $"The local {Name} does not support the action {action} of version {values.GetValueOrDefault("Version")}");
        }

        return Read(action, shape => new QueryInput(values, isEc2: Name == "ec2").Read(shape));
    }

    public override string Error(AwsError error) =>
        $"<ErrorResponse><Error><Type>Sender</Type><Code>{Xml(Code(error.Code))}</Code><Message>{Xml(error.Message)}</Message></Error>"
        + $"<RequestId>{Guid.NewGuid()}</RequestId></ErrorResponse>";

    /// <summary>The code of an error in the query protocol.</summary>
    protected virtual string Code(string code) => code switch
    {
        "InvalidSignatureException" => "SignatureDoesNotMatch",
        "UnrecognizedClientException" => "InvalidClientTokenId",
        "ExpiredTokenException" => "ExpiredToken",
        "MissingAuthenticationTokenException" => "MissingAuthenticationToken",
        "IncompleteSignatureException" => "IncompleteSignature",
        "ValidationException" => "ValidationError",
        _ => code,
    };

    /// <param name="run">Executes the action, and returns what its result contains.</param>
    protected void Add(string action, Func<JsonObject, string> run, params string[] unsupported) =>
        AddOperation(action, request => Answer(action, run(request)), unsupported);

    /// <summary>Text in XML 1.0, which cannot contain every character, and whose readers change a plain carriage return.</summary>
    public static string Xml(string text)
    {
        var allowed = string.Concat(text.Select(static c => c is >= ' ' and <= '\uFFFD' or '\t' or '\n' or '\r' ? c : '\uFFFD'));
        return SecurityElement.Escape(allowed).Replace("\r", "&#xD;", StringComparison.Ordinal);
    }

    /// <summary>The response document: ACTIONResponse with ACTIONResult inside, for all services but EC2.</summary>
    protected virtual string Answer(string action, string inner) =>
        $"<{action}Response><{action}Result>{inner}</{action}Result>"
        + $"<ResponseMetadata><RequestId>{Guid.NewGuid()}</RequestId></ResponseMetadata></{action}Response>";

    private static Dictionary<string, string> ReadForm(string body)
    {
        var values = new Dictionary<string, string>();
        foreach (var pair in body.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (!values.TryAdd(Decode(parts[0]), parts.Length > 1 ? Decode(parts[1]) : ""))
            {
                throw new AwsError(400, "MalformedQueryString", $"'{parts[0]}' is given twice");
            }
        }

        return values;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
