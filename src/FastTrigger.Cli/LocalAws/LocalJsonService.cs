using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws.Models;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A service with a JSON protocol.</summary>
/// <param name="target">What its X-Amz-Target begins with.</param>
internal abstract class LocalJsonService(string name, string target, string contentType) : LocalService(name, contentType)
{
    public string Target => target;

    public override string ResponseType => ContentType;

    public override string Peek(string target, byte[] body) => target[Target.Length..];

    public override LocalOperation Read(string target, byte[] body)
    {
        var operation = Peek(target, body);
        return Serves(operation)
            ? Read(operation, shape => JsonInput.Read(body, operation, shape))
            : throw new AwsError(400, "UnknownOperationException", $"The local {Name} does not support the operation {operation}");
    }

    public override string Error(AwsError error)
    {
        var document = new JsonObject { ["__type"] = error.Code, ["message"] = error.Message };
        foreach (var (name, value) in error.Details)
        {
            document[name] = value?.DeepClone();
        }

        return document.ToJsonString();
    }

    protected void Add(string operation, Func<JsonObject, JsonObject> run, params string[] unsupported) =>
        AddOperation(operation, request => run(request).ToJsonString(), unsupported);
}
