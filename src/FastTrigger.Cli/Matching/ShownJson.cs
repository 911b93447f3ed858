using System.Globalization;
using System.Text;
using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Cli.Matching;

/// <summary>
/// Text of events and patterns, made safe to show: on one line, without the characters that change how a terminal shows it, and not long.
/// </summary>
internal static class ShownJson
{
    /// <summary>What a person reads in a line.</summary>
    public const int MaxLength = 120;

    /// <summary>What a document keeps of a value.</summary>
    public const int MaxDocumentLength = 1_000;

    /// <summary>The JSON of a value without blanks between its parts. Three dots stand for what is left out.</summary>
    public static string Of(JsonElement value, int maxLength = MaxLength)
    {
        var (text, inString) = (new StringBuilder(), false);
        var raw = value.GetRawText();
        for (var i = 0; i < raw.Length; i++)
        {
            var letter = raw[i];
            if (!inString && letter is ' ' or '\t' or '\r' or '\n')
            {
                continue;
            }

            if (text.Length >= maxLength)
            {
                return Whole(text).Append("...").ToString();
            }

            Append(text, raw.AsSpan(i));
            if (inString && letter == '\\')
            {
                text.Append(raw[++i]);
            }
            else if (letter == '"')
            {
                inString = !inString;
            }
        }

        return text.ToString();
    }

    /// <summary>A name, or a path of names, as it may be shown.</summary>
    public static string Name(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length && text.Length < MaxDocumentLength; i++)
        {
            Append(text, name.AsSpan(i));
        }

        return Whole(text).ToString();
    }

    /// <summary>A text as JSON.</summary>
    public static string Quoted(string text) => $"\"{Name(text)}\"";

    private static void Append(StringBuilder text, ReadOnlySpan<char> rest)
    {
        // A quote and a backslash are part of the JSON; a pair of surrogates is one character.
        var isPlain = rest[0] is '"' or '\\'
            || char.IsSurrogate(rest[0])
            || (JsonBuilder.NextToEscape(rest[..1], 0) == 1 && !LooksLikeAnother(rest[0]));
        _ = isPlain ? text.Append(rest[0]) : text.Append(CultureInfo.InvariantCulture, $"\\u{(int)rest[0]:x4}");
    }

    /// <summary>
    /// A combining accent, which looks like the letter that has it, and the signs of ohm, kelvin and angstrom, which look like letters.
    /// </summary>
    private static bool LooksLikeAnother(char letter) =>
        letter is (>= '\u0300' and <= '\u036f') or '\u2126' or '\u212a' or '\u212b';

    /// <summary>Without half of a character at the end.</summary>
    private static StringBuilder Whole(StringBuilder text)
    {
        if (text.Length > 0 && char.IsHighSurrogate(text[^1]))
        {
            text.Length--;
        }

        return text;
    }
}
