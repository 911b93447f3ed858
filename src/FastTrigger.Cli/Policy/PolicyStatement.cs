using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Policy;

/// <summary>One statement of an IAM policy, with the routes that need it and what they need it for.</summary>
/// <param name="Sid">Letters and digits, once in a policy.</param>
/// <param name="Condition">Null for none.</param>
internal sealed record PolicyStatement(string Sid, IReadOnlyList<string> Actions, JsonObject? Condition, string Why)
{
    private readonly List<string> _purposes = Why.Length > 0 ? [Why] : [];

    /// <summary>The name that statements of one purpose share; <see cref="Sid"/> may have a number behind it.</summary>
    public string Name { get; init; } = Sid;

    public SortedSet<string> Resources { get; } = new(StringComparer.Ordinal);

    /// <summary>The routes that need it; none for what the platform needs.</summary>
    public SortedSet<string> Routes { get; } = new(StringComparer.Ordinal);

    /// <summary>For people: what it is for, and that it is as narrow as AWS takes it.</summary>
    public string Why => string.Join("; ", _purposes) + (Resources.Contains("*") ? "; cannot be narrowed" : "");

    /// <summary>Adds a purpose, once.</summary>
    public void Explain(string purpose)
    {
        if (!_purposes.Contains(purpose))
        {
            _purposes.Add(purpose);
        }
    }

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
