using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A call that was read and not yet carried out.</summary>
/// <param name="Parameters">As the API reference names them.</param>
internal sealed record LocalOperation(string Name, JsonObject Parameters, Func<string> Run);

/// <summary>One service of the local AWS.</summary>
/// <param name="name">As it stands in signatures.</param>
/// <param name="contentType">Of its requests and answers.</param>
internal abstract class LocalService(string name, string contentType)
{
    public string Name => name;

    public string ContentType => contentType;

    public bool IsJson => contentType.StartsWith("application/x-amz-json", StringComparison.Ordinal);

    /// <param name="operation">From X-Amz-Target; null for the query form, whose body says it.</param>
    /// <exception cref="AwsError">It is no call of this service, or none that is carried out here.</exception>
    public abstract LocalOperation Read(string? operation, string body);
}

/// <summary>A service with a JSON protocol: which members an operation has, and what it does.</summary>
internal abstract class LocalJsonService(string name, string target, string contentType) : LocalService(name, contentType)
{
    private readonly Dictionary<string, (string[] Members, Func<JsonObject, JsonObject> Run)> _operations = [];

    public string Target => target;

    public override LocalOperation Read(string? operation, string body)
    {
        if (!_operations.TryGetValue(operation!, out var known))
        {
            throw new AwsError(400, "UnknownOperationException", $"The operation {operation} is not carried out by this local {Name}");
        }

        if (JsonNode.Parse(body) is not JsonObject parameters)
        {
            throw new AwsError(400, "SerializationException", "The request body is no JSON object");
        }

        if (parameters.Select(member => member.Key).FirstOrDefault(name => !known.Members.Contains(name)) is { } unknown)
        {
            throw new AwsError(400, "ValidationException", $"{operation} has no parameter {unknown} here");
        }

        return new(operation!, parameters, () => known.Run(parameters).ToJsonString());
    }

    protected void Add(string operation, Func<JsonObject, JsonObject> run, params string[] members) => _operations[operation] = (members, run);

    protected static string? Text(JsonObject request, string name) => request[name]?.GetValue<string>();

    protected static string Required(JsonObject request, string name) =>
        Text(request, name) is { Length: > 0 } text ? text : throw Invalid($"{name} is required");

    protected static List<string> List(JsonObject request, string name) => (request[name] as JsonArray)?.Select(value => value!.GetValue<string>()).ToList() ?? [];

    protected static AwsError Invalid(string message) => new(400, "ValidationException", message);

    protected static JsonObject Page(JsonObject request, string name, IReadOnlyList<JsonObject> all, int size)
    {
        size = request["MaxResults"]?.GetValue<int>() ?? size;
        var start = Text(request, "NextToken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var some = all.Skip(start).Take(size).ToArray<JsonNode>();
        var answer = new JsonObject { [name] = new JsonArray(some) };
        if (start + some.Length < all.Count)
        {
            answer["NextToken"] = (start + some.Length).ToString(CultureInfo.InvariantCulture);
        }

        return answer;
    }
}
