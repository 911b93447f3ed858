using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FastTrigger.Json;

/// <summary>Parses the JSON of an event, and checks all of it once.</summary>
internal static class EventJson
{
    /// <summary>The maximum nesting depth of any JSON (C1.1).</summary>
    public const int MaxDepth = 256;

    /// <summary>
    /// Null, with the problem and its byte offset, when the payload is not acceptable JSON. The caller does not dispose the document.
    /// Dispose returns an array to the shared pool, and the first return calibrates a processor clock: 0.2 ms of a cold start.
    /// The garbage collector frees the document instead.
    /// </summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> payload, out string problem)
    {
        problem = "";
        if (payload.IsEmpty)
        {
            problem = "the event is empty; JSON is expected";
            return null;
        }

        // Utf8JsonReader checks the bytes of a string only when a caller reads it, so this checks all bytes once.
        if (FindInvalidUtf8(payload.Span) is >= 0 and var offset)
        {
            problem = $"the event is not UTF-8 at offset {offset}";
            return null;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            var at = FindMistake(payload.Span, JsonCommentHandling.Disallow, out var isTooDeep);
            problem = isTooDeep
                ? $"the event is nested deeper than {MaxDepth} levels at offset {at}"
                : $"the event is not JSON at offset {at}";
            return null;
        }

        if (FindLoneSurrogate(payload.Span) is >= 0 and var half)
        {
            problem = $"the event has half of a surrogate pair at offset {half}, which is not a character";
            return null;
        }

        return document;
    }

    /// <summary>
    /// The offset of the first escape from \ud800 to \udfff that is not half of a pair, in valid JSON; -1 when there is none.
    /// JSON's grammar allows it, but it is not a character. System.Text.Json throws when a caller reads it, even as a name.
    /// </summary>
    public static int FindLoneSurrogate(ReadOnlySpan<byte> json)
    {
        for (var at = Next(json, 0); at >= 0; at = Next(json, at))
        {
            var code = Escaped(json, at);
            if (code is < 0xd800 or > 0xdfff)
            {
                at += 2;
            }
            else if (code < 0xdc00 && Escaped(json, at + 6) is >= 0xdc00 and <= 0xdfff)
            {
                at += 12;
            }
            else
            {
                return at;
            }
        }

        return -1;

        static int Next(ReadOnlySpan<byte> json, int from) =>
            from < json.Length && json[from..].IndexOf((byte)'\\') is >= 0 and var found ? from + found : -1;
    }

    /// <summary>The code of the \uXXXX at this offset; -1 for anything else.</summary>
    public static int Escaped(ReadOnlySpan<byte> json, int at)
    {
        var isEscape = at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u';
        return isEscape && Utf8Parser.TryParse(json.Slice(at + 2, 4), out int code, out var used, 'x') && used == 4 ? code : -1;
    }

    /// <summary>The offset of the first byte that is not UTF-8; -1 when all bytes are valid.</summary>
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

    /// <summary>Describes the character at an offset, for an error message about a file. Never call it for an event.</summary>
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

    /// <summary>Where the first mistake of a text is, and whether that is a bracket that exceeds the maximum depth.</summary>
    public static int FindMistake(ReadOnlySpan<byte> text, JsonCommentHandling comments, out bool isTooDeep)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = comments });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            // The reader stops before the token that it could not read.
        }

        var offset = (int)reader.BytesConsumed;
        isTooDeep = reader.CurrentDepth >= MaxDepth - 1 && offset < text.Length && text[offset] is ((byte)'[' or (byte)'{');
        return offset;
    }
}
