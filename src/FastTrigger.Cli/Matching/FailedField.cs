using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Matching;

/// <summary>A field of a pattern that an event does not match.</summary>
/// <param name="Path">Where it is, in the element of an array that came nearest.</param>
/// <param name="Wants">The pattern's list there, as JSON; empty for `$or`.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Has">What the event has there, as JSON; null for nothing.</param>
/// <param name="Hint">What could be meant; empty when nothing is near.</param>
internal sealed record FailedField(string Path, string Wants, string Words, string? Has, string Hint)
{
    private const int MaxAlternatives = 5;

    /// <summary>Of `$or`: the fields of each alternative that do not match. The one that came nearest is the first.</summary>
    public IReadOnlyList<IReadOnlyList<FailedField>> Alternatives { get; init; } = [];

    /// <summary>How much of the event would have to change.</summary>
    public int Weight => Alternatives.Count == 0 ? 1 : Alternatives[0].Sum(static one => one.Weight);

    /// <summary>The line of the field, and for each alternative one that is deeper.</summary>
    public IEnumerable<(int Depth, string Text)> Lines()
    {
        yield return (0, ToString());
        for (var i = 0; i < Math.Min(Alternatives.Count, MaxAlternatives); i++)
        {
            yield return (1, i == 0 ? "the nearest alternative:" : "or:");
            foreach (var (depth, text) in Alternatives[i].SelectMany(field => field.Lines()))
            {
                yield return (depth + 2, text);
            }
        }
    }

    public override string ToString()
    {
        var has = Has is null ? "the event has nothing there"
            : $"the event has {(Has.Length <= ShownJson.MaxLength ? Has : Has[..ShownJson.MaxLength] + "...")}";
        var text = Alternatives.Count == 0 ? $"{Path} wants {Words}, and {has}"
            : $"{Path}: none of its {Alternatives.Count} alternatives matches";
        return Hint.Length > 0 ? $"{text}; {Hint}" : text;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["field"] = Path, ["wants"] = Wants, ["has"] = Has, ["hint"] = Hint };
        if (Alternatives.Count > 0)
        {
            json["alternatives"] = new JsonArray([.. Alternatives.Select(JsonNode (fields) => Array(fields))]);
        }

        return json;
    }

    public static JsonArray Array(IEnumerable<FailedField> fields) => new([.. fields.Select(JsonNode (field) => field.ToJson())]);
}
