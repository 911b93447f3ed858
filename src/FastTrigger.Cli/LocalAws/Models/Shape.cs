using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>A shape of a service model.</summary>
internal sealed class Shape(ServiceModel model, JsonObject description)
{
    public string Type { get; } = description.Text("type")!;

    public IReadOnlyList<string> Required { get; } = description.List("required");

    public int? Min => (int?)description["min"];

    public int? Max => (int?)description["max"];

    public IReadOnlyList<string> Enum { get; } = description.List("enum");

    /// <summary>The pattern as the model has it.</summary>
    public string? PatternText => description.Text("pattern");

    /// <summary>The pattern for a whole value; null when there is none.</summary>
    public Regex? Pattern { get; } = description.Text("pattern") is { } pattern ? Compile(pattern) : null;

    public bool IsFlattened => description["flattened"] is not null;

    /// <summary>The members of a structure by name.</summary>
    public IReadOnlyDictionary<string, ShapeReference> Members { get; } = (description["members"] as JsonObject ?? [])
        .ToDictionary(member => member.Key, member => new ShapeReference(model, (JsonObject)member.Value!));

    public ShapeReference Element => Part("member");

    public ShapeReference Key => Part("key");

    public ShapeReference Value => Part("value");

    private ShapeReference Part(string name) => new(model, (JsonObject)description[name]!);

    private static Regex Compile(string pattern)
    {
        // Java reads this as a range of characters beyond the basic plane. .NET sees their halves.
        pattern = pattern.Replace(@"\uD800\uDC00-\uDBFF\uDFFF", @"\uD800-\uDFFF", StringComparison.Ordinal);
        return new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);
    }
}

/// <summary>The use of a shape by a member, with the member's names on the wire.</summary>
internal sealed class ShapeReference(ServiceModel model, JsonObject description)
{
    public Shape Shape => model.Shape(description.Text("shape")!);

    public string? LocationName => description.Text("locationName");

    public string? QueryName => description.Text("queryName");

    public bool IsFlattened => description["flattened"] is not null || Shape.IsFlattened;
}
