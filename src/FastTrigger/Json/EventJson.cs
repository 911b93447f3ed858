using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FastTrigger.Json;

/// <summary>An event's JSON, checked once as a whole.</summary>
internal static class EventJson
{
    /// <summary>How deep any JSON may be nested (C1.1).</summary>
    public const int MaxDepth = 256;

    /// <summary>Null, with what is wrong and at which byte, when the payload is no JSON we take.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> payload, out string problem)
    {
        problem = "";
        if (payload.IsEmpty)
        {
            problem = "the event is empty; JSON is expected";
            return null;
        }

        // Utf8JsonReader looks at a string's bytes only when it is asked for them, so this is done once for all.
        if (FindInvalidUtf8(payload.Span) is >= 0 and var offset)
        {
            problem = $"the event is not UTF-8 at offset {offset}";
            return null;
        }

        try
        {
            return JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            problem = Locate(payload.Span);
            return null;
        }
    }

    /// <summary>The offset of the first byte that is not UTF-8; -1 when all is well.</summary>
    public static int FindInvalidUtf8(ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            return -1;
        }

        var offset = 0;
        while (Rune.DecodeFromUtf8(text[offset..], out _, out var used) == OperationStatus.Done)
        {
            offset += used;
        }

        return offset;
    }

    /// <summary>What stands at an offset, short and printable, for an error message about a file. Never used on an event.</summary>
    public static string Near(ReadOnlySpan<byte> text, int offset)
    {
        var rest = text[Math.Min(offset, text.Length)..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty)
        {
            return "the text ends too early";
        }

        Rune.DecodeFromUtf8(rest, out var rune, out _);
        return $"unexpected '{rune}'";
    }

    /// <summary>Whether a reader stopped because the next bracket would have been one too many.</summary>
    public static bool IsTooDeep(in Utf8JsonReader reader, ReadOnlySpan<byte> text, int offset) =>
        reader.CurrentDepth >= MaxDepth - 1 && offset < text.Length && text[offset] is ((byte)'[' or (byte)'{');

    private static string Locate(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            // The reader stops before the token that it could not take.
        }

        return IsTooDeep(reader, payload, (int)reader.BytesConsumed)
            ? $"the event is nested deeper than {MaxDepth} levels at offset {reader.BytesConsumed}"
            : $"the event is not JSON at offset {reader.BytesConsumed}";
    }
}
