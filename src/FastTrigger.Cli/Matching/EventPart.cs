using System.Text.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>What fields are looked for in: an event, or one element of an array in it.</summary>
/// <param name="Root">Where it is, such as detail.items[1]; empty for the event.</param>
/// <param name="Array">The array that it is an element of.</param>
/// <param name="ArrayPath">Where that is.</param>
/// <param name="Count">How many elements it has, with those of the arrays in it.</param>
/// <param name="IsAbsence">Whether the pattern wants no more than that every element is without something.</param>
internal sealed record EventPart(
    string Root,
    JsonElement Json,
    JsonElement Array = default,
    string ArrayPath = "",
    int Count = 1,
    bool IsAbsence = false)
{
    /// <summary>Why this element is shown; empty for an event, and for an only element.</summary>
    public string Note => Count == 1 ? ""
        : IsAbsence ? $"none of the {Count} elements may have it"
        : $"of {Count} elements {ShownJson.Name(Root)} comes nearest, and one element must match all";

    /// <summary>The path from the event on.</summary>
    public string Path(ReadOnlySpan<string> names)
    {
        var path = string.Join('.', names!);
        return Root.Length == 0 ? path : path.Length == 0 ? Root : $"{Root}.{path}";
    }

    /// <summary>What stands at a path; null for nothing.</summary>
    public static JsonElement? At(JsonElement at, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }

    /// <summary>The values of an array, and of the arrays in it; the value itself when it is none.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Elements(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Index().SelectMany(inner => Elements($"{path}[{inner.Index}]", inner.Item))
            : [(path, value)];

    /// <summary>Everything inside that has a name, with its path from the event on.</summary>
    public static IEnumerable<(string Path, string Name, JsonElement Value)> Members(string path, JsonElement at)
    {
        if (at.ValueKind == JsonValueKind.Array)
        {
            return at.EnumerateArray().Index().SelectMany(inner => Members($"{path}[{inner.Index}]", inner.Item));
        }

        return at.ValueKind != JsonValueKind.Object ? [] : at.EnumerateObject().SelectMany(member =>
        {
            var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            return Members(inner, member.Value).Prepend((inner, member.Name, member.Value));
        });
    }
}
