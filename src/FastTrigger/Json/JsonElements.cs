using System.Runtime.InteropServices;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>Looking into an event without exceptions: what is not there, or is of another kind, is simply not found.</summary>
internal static class JsonElements
{
    /// <summary>The property of an object; Undefined when this is no object or has none of that name.</summary>
    public static JsonElement Get(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement Get(this JsonElement element, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => element.Get(first).Get(second);

    /// <summary>The text of a string that is not empty; else null.</summary>
    public static string? Text(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text ? text : null;

    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name) => element.Get(name).Text();

    /// <summary>Whether this is a string that is not empty, and then whether it is this one. Nothing is allocated.</summary>
    public static bool IsText(this JsonElement element, ReadOnlySpan<byte> text = default) =>
        element.ValueKind == JsonValueKind.String && (text.IsEmpty ? !element.ValueEquals(text) : element.ValueEquals(text));

    public static bool IsMissing(this JsonElement element) => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>A string's UTF-8 without its quotes, when nothing in it is escaped: nothing is allocated then.</summary>
    public static bool TryGetPlain(this JsonElement element, out ReadOnlySpan<byte> utf8)
    {
        utf8 = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        return !utf8.Contains((byte)'\\');
    }
}
