using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>
/// AWS's own model of the inputs of a service's operations. build/models.py takes it from the AWS CLI. Requests are checked against it, so
/// that no member of an operation is forgotten.
/// </summary>
internal sealed class ServiceModel
{
    private const string Prefix = "FastTrigger.Cli.Models.", Suffix = ".json";

    private readonly JsonObject _inputs, _shapes;
    private readonly ConcurrentDictionary<string, Shape> _read = new();

    private ServiceModel(JsonObject root) => (_inputs, _shapes) = ((JsonObject)root["inputs"]!, (JsonObject)root["shapes"]!);

    /// <summary>The services that have a model.</summary>
    public static IEnumerable<string> Names => typeof(ServiceModel).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..^Suffix.Length]);

    public IEnumerable<string> Operations => _inputs.Select(input => input.Key);

    public static ServiceModel Load(string service)
    {
        using var stream = typeof(ServiceModel).Assembly.GetManifestResourceStream($"{Prefix}{service}{Suffix}")!;
        return new((JsonObject)JsonNode.Parse(stream)!);
    }

    public Shape Input(string operation) => Shape(_inputs.Text(operation)!);

    public Shape Shape(string name) => _read.GetOrAdd(name, _ => new(this, (JsonObject)_shapes[name]!));
}
