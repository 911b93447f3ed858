using System.Runtime.InteropServices;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>Reads an event without exceptions. A value that is missing or has another kind is not found.</summary>
internal static class JsonElements
{
    /// <summary>The property of an object; Undefined when this is not an object, or has no property of this name.</summary>
    public static JsonElement Get(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement Get(this JsonElement element, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        element.Get(first).Get(second);

    /// <summary>The text of a non-empty string; else null.</summary>
    public static string? Text(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : null;

    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name).Text();

    /// <summary>Whether this is the given string; without an argument, whether this is a non-empty string. It allocates nothing.</summary>
    public static bool IsText(this JsonElement element, ReadOnlySpan<byte> text = default) =>
        element.ValueKind == JsonValueKind.String && (text.IsEmpty ? !element.ValueEquals(text) : element.ValueEquals(text));

    public static bool IsMissing(this JsonElement element) => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>The UTF-8 of a string without quotes, when it contains no escape. It allocates nothing.</summary>
    public static bool TryGetPlain(this JsonElement element, out ReadOnlySpan<byte> utf8)
    {
        utf8 = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        return !utf8.Contains((byte)'\\');
    }
}
