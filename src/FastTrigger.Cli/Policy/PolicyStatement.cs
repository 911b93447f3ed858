using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Policy;

/// <summary>One statement of an IAM policy, and who needs it what for.</summary>
/// <param name="Sid">Letters and digits. Statements of the same name are one.</param>
/// <param name="Condition">Null for none.</param>
/// <param name="Why">For people: what it is for, and why it is no narrower.</param>
internal sealed record PolicyStatement(string Sid, IReadOnlyList<string> Actions, JsonObject? Condition, string Why)
{
    public SortedSet<string> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>The routes that need it; none for what the platform needs.</summary>
    public SortedSet<string> Routes { get; } = new(StringComparer.Ordinal);

    public JsonObject ToJson()
    {
        var statement = new JsonObject
        {
            [nameof(Sid)] = Sid,
            ["Effect"] = "Allow",
            ["Action"] = Strings(Actions),
            ["Resource"] = Strings(Resources),
        };
        if (Condition is not null)
        {
            statement[nameof(Condition)] = Condition.DeepClone();
        }

        return statement;
    }

    internal static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)value)];
}
