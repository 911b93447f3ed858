using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A call that is read and not yet executed.</summary>
/// <param name="Parameters">The parameters with the names of the API reference.</param>
internal sealed record LocalOperation(string Name, JsonObject Parameters, Func<string> Run);

/// <summary>One service of the local AWS.</summary>
/// <param name="name">The name of the service in signatures.</param>
/// <param name="contentType">The content type of its requests and responses.</param>
internal abstract class LocalService(string name, string contentType)
{
    public string Name => name;

    public string ContentType => contentType;

    public bool IsJson => contentType.StartsWith("application/x-amz-json", StringComparison.Ordinal);

    /// <param name="operation">The operation from X-Amz-Target; null for the query protocol, whose body contains it.</param>
    /// <exception cref="AwsError">The call does not belong to this service, or is not supported here.</exception>
    public abstract LocalOperation Read(string? operation, string body);
}

/// <summary>A service with a JSON protocol: its operations with their members.</summary>
internal abstract class LocalJsonService(string name, string target, string contentType) : LocalService(name, contentType)
{
    private readonly Dictionary<string, (string[] Members, Func<JsonObject, JsonObject> Run)> _operations = [];

    public string Target => target;

    public override LocalOperation Read(string? operation, string body)
    {
        if (!_operations.TryGetValue(operation!, out var known))
        {
            throw new AwsError(400, "UnknownOperationException", $"The local {Name} does not support the operation {operation}");
        }

        if (JsonNode.Parse(body) is not JsonObject parameters)
        {
            throw new AwsError(400, "SerializationException", "The request body is no JSON object");
        }

        if (parameters.Select(member => member.Key).FirstOrDefault(name => !known.Members.Contains(name)) is { } unknown)
        {
            throw AwsError.Validation($"{operation} has no parameter {unknown} here");
        }

        return new(operation!, parameters, () => known.Run(parameters).ToJsonString());
    }

    protected void Add(string operation, Func<JsonObject, JsonObject> run, params string[] members) =>
        _operations[operation] = (members, run);
}
