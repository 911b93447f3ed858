using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>
/// AWS's own model of the inputs of a service's operations. build/models.py takes it from the AWS CLI. Requests are checked against it, so
/// that no member of an operation is forgotten.
/// </summary>
internal sealed class ServiceModel
{
    private readonly JsonObject _inputs, _shapes;
    private readonly ConcurrentDictionary<string, Shape> _read = new();

    private ServiceModel(JsonObject root) => (_inputs, _shapes) = ((JsonObject)root["inputs"]!, (JsonObject)root["shapes"]!);

    public IEnumerable<string> Operations => _inputs.Select(input => input.Key);

    public static ServiceModel Load(string service)
    {
        using var stream = typeof(ServiceModel).Assembly.GetManifestResourceStream($"FastTrigger.Cli.Models.{service}.json")!;
        return new((JsonObject)JsonNode.Parse(stream)!);
    }

    public Shape Input(string operation) => Shape(_inputs.Text(operation)!);

    public Shape Shape(string name) => _read.GetOrAdd(name, _ => new(this, (JsonObject)_shapes[name]!));
}
