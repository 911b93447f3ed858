using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Samples;

/// <summary>Another form of a sample: what differs from it, as paths and values, or an event of its own.</summary>
internal sealed record SampleVariant(string Name, string What, JsonObject Set, JsonObject? Event)
{
    /// <summary>The sample's JSON with the differences.</summary>
    public JsonNode Apply(JsonNode sample) =>
        Set.Aggregate(Event?.DeepClone() ?? sample, (root, change) => EventEdit.Set(root, change.Key, change.Value?.DeepClone())!);
}
