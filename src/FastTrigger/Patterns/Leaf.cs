using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>A value of an event that is no object and no array.</summary>
internal readonly ref struct Leaf(JsonValueKind kind, ReadOnlySpan<byte> text)
{
    public JsonValueKind Kind { get; } = kind;

    /// <summary>The characters of a string in UTF-8, without escapes; a number as it is written; else empty.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;
}
