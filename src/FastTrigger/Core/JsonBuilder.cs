using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace FastTrigger.Core;

/// <summary>
/// Writes JSON for answers, log lines and requests. The first use of Utf8JsonWriter's encoder costs 0.1 ms of a cold start.
/// This builder escapes what JSON requires (RFC 8259, 7) and what changes how a log viewer shows a line (<see cref="NextToEscape"/>). It
/// writes the rest as UTF-8.
/// The JSON document starts at the first byte of the buffer.
/// </summary>
internal readonly struct JsonBuilder(ByteBuffer buffer)
{
    public JsonBuilder BeginObject()
    {
        Separate();
        buffer.Append((byte)'{');
        return this;
    }

    public JsonBuilder EndObject()
    {
        buffer.Append((byte)'}');
        return this;
    }

    public JsonBuilder BeginArray()
    {
        Separate();
        buffer.Append((byte)'[');
        return this;
    }

    public JsonBuilder EndArray()
    {
        buffer.Append((byte)']');
        return this;
    }

    /// <summary>Writes the name of a member. Its value follows.</summary>
    public JsonBuilder Name(ReadOnlySpan<char> name)
    {
        Text(name);
        buffer.Append((byte)':');
        return this;
    }

    public JsonBuilder Text(ReadOnlySpan<char> text)
    {
        Separate();
        buffer.Append((byte)'"');
        StringContent(text);
        buffer.Append((byte)'"');
        return this;
    }

    /// <summary>Writes valid UTF-8 as a string, piece by piece: a string of all of it would take twice the memory.</summary>
    public JsonBuilder Utf8Text(ReadOnlySpan<byte> utf8)
    {
        Separate();
        buffer.Append((byte)'"');
        Span<char> piece = stackalloc char[512];
        while (!utf8.IsEmpty)
        {
            Utf8.ToUtf16(utf8, piece, out var read, out var written);
            StringContent(piece[..written]);
            utf8 = utf8[read..];
        }

        buffer.Append((byte)'"');
        return this;
    }

    /// <summary>Writes the content of a string, without its quotes.</summary>
    public void StringContent(ReadOnlySpan<char> text)
    {
        var start = 0;
        for (int at; (at = NextToEscape(text, start)) < text.Length; start = at + 1)
        {
            buffer.Append(text[start..at]);
            // Half a character has no meaning in JSON, and strict readers refuse it (RFC 8259, 8.2).
            Escape(char.IsSurrogate(text[at]) ? '\ufffd' : text[at]);
        }

        buffer.Append(text[start..]);
    }

    /// <summary>Writes a value that is JSON already: a number, true, false or null.</summary>
    public JsonBuilder Raw(ReadOnlySpan<char> json)
    {
        Separate();
        buffer.Append(json);
        return this;
    }

    /// <summary>Writes a value as the bytes that it was read from: a string of it would take twice the memory.</summary>
    public JsonBuilder Raw(JsonElement value)
    {
        Separate();
        buffer.Append(JsonMarshal.GetRawUtf8Value(value));
        return this;
    }

    public JsonBuilder Number(long number)
    {
        Separate();
        buffer.Append(number);
        return this;
    }

    public JsonBuilder Boolean(bool value)
    {
        Separate();
        buffer.Append(value ? "true"u8 : "false"u8);
        return this;
    }

    public JsonBuilder Member(ReadOnlySpan<char> name, ReadOnlySpan<char> text) => Name(name).Text(text);

    public JsonBuilder Member(ReadOnlySpan<char> name, long number) => Name(name).Number(number);

    /// <summary>
    /// The position of the next character that must be escaped, or the length of the text: what JSON does not allow in a string, half of a
    /// surrogate pair, and what a log viewer does not show as it is. Those are control characters, line separators, characters without
    /// width, and those that change the direction of the text (unicode.org/reports/tr36, Bidirectional Text Spoofing).
    /// </summary>
    public static int NextToEscape(ReadOnlySpan<char> text, int from)
    {
        for (var i = from == 0 && IsPlain(text) ? text.Length : from; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (MustEscape(text[i]))
            {
                return i;
            }
        }

        return text.Length;
    }

    private static bool MustEscape(char letter) => letter < '\u007f'
        ? letter is < ' ' or '"' or '\\'
        : letter is <= '\u009f' or '\u061c' or (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or '\u2060'
            or (>= '\u2066' and <= '\u2069') or (>= '\ud800' and <= '\udfff') or '\ufeff';

    /// <summary>
    /// Whether this is ASCII of which nothing must be escaped. Most texts are, and it is found out many characters at a time.
    /// </summary>
    private static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~') && !text.ContainsAny('"', '\\');

    /// <summary>Writes a comma, except before the first value of an object, array or document, and before a member's value.</summary>
    private void Separate()
    {
        if (buffer.Length > 0 && buffer.Span[^1] is not ((byte)'{' or (byte)'[' or (byte)':'))
        {
            buffer.Append((byte)',');
        }
    }

    private void Escape(char letter)
    {
        buffer.Append((byte)'\\');
        switch (letter)
        {
            case '"' or '\\':
                buffer.Append((byte)letter);
                break;
            case '\n':
                buffer.Append((byte)'n');
                break;
            case '\r':
                buffer.Append((byte)'r');
                break;
            case '\t':
                buffer.Append((byte)'t');
                break;
            default:
                buffer.Append((byte)'u').AppendHex([(byte)(letter >> 8), (byte)letter]);
                break;
        }
    }
}
