using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Cli.Routes;

/// <summary>
/// Of an array of which no element has all that a pattern wants, the element that has most of it (array consistency). Arrays in arrays
/// count as one.
/// </summary>
/// <param name="Path">Where it is, such as detail.items[1].</param>
/// <param name="Field">The first field that does not match, from the element on.</param>
/// <param name="Count">How many elements there are.</param>
internal sealed record NearestElement(string Path, JsonElement Element, string Field, int Count)
{
    /// <param name="path">The path of the array.</param>
    /// <param name="pattern">What one element must have.</param>
    /// <returns>Null when the array is empty.</returns>
    public static NearestElement? Find(string path, JsonObject pattern, JsonElement array)
    {
        var compiled = Compile(pattern);
        var elements = Flatten(path, array).ToList();
        return elements
            .Select(element => (element.Path, element.Value, Field: compiled.FirstMismatch(element.Value)))
            // Where only absence is wanted, all elements must match, and those that do say nothing.
            .Where(element => element.Field is not null)
            .OrderByDescending(element => Matching(pattern, element.Value))
            .Select(element => new NearestElement(element.Path, element.Value, element.Field!, elements.Count))
            .FirstOrDefault();
    }

    /// <summary>The values of an array, and of the arrays in it.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Flatten(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Index().SelectMany(inner => Flatten($"{path}[{inner.Index}]", inner.Item))
            : [(path, value)];

    /// <summary>How many fields match.</summary>
    private static int Matching(JsonObject pattern, JsonElement element) => pattern.Sum(field => field.Value is JsonObject inside
        ? Flatten("", element.Get(Encoding.UTF8.GetBytes(field.Key))).Select(inner => Matching(inside, inner.Value)).DefaultIfEmpty().Max()
        : Compile(new() { [field.Key] = field.Value?.DeepClone() }).Matches(element) ? 1
        : 0);

    private static ObjectNode Compile(JsonObject pattern)
    {
        var text = Encoding.UTF8.GetBytes(pattern.ToJsonString());
        var problems = new JsonProblems("", text);
        return PatternReader.Read(JsonNodeReader.Read(text, problems)!, problems)!;
    }
}
