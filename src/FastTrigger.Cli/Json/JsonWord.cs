using System.Text.RegularExpressions;

namespace FastTrigger.Cli.Json;

/// <summary>The words of JSON, and what people write in their place.</summary>
internal static partial class JsonWord
{
    /// <summary>The word that a text begins with; empty when it begins with a sign.</summary>
    public static string Find(string text) => Word().Match(text).Value;

    /// <summary>Whether it is a number, true, false or null.</summary>
    public static bool IsLiteral(string word) => word is "true" or "false" or "null" || Number().IsMatch(word);

    /// <summary>The number of characters of the escape that a text begins with; 0 when JSON has no such escape.</summary>
    public static int EscapeLength(string text) => Escape().Match(text).Length;

    /// <summary>What is right instead of a sign that JSON does not have; null for any other character.</summary>
    public static string? DescribeSign(char sign) => sign switch
    {
        '\'' or '\u2018' or '\u2019' or '\u201c' or '\u201d' => $"a string is written in \" quotes, not {sign}",
        '=' => "a key and its value have a : between them, not =",
        ';' => "values have a comma between them, not ;",
        '#' => "a comment is written // or /* */, not #",
        _ => null,
    };

    /// <summary>What is right instead of a word that JSON does not have.</summary>
    public static string Describe(string word, bool isKey) => word switch
    {
        "" => "this character is not JSON here",
        _ when isKey => $"a key is written in double quotes: \"{word}\"",
        _ when word.ToLowerInvariant() is "true" or "false" or "null" => $"JSON writes {word.ToLowerInvariant()}, not {word}",
        "None" or "nil" or "undefined" or "NaN" => $"JSON has no {word}; it writes null",
        _ when word[0] is (>= '0' and <= '9') or '-' or '+' or '.' =>
            $"{word} is no number of JSON; it has forms such as 10, -0.5 and 1e3; a text is written in double quotes",
        _ => $"a text is written in double quotes: \"{word}\"",
    };

    [GeneratedRegex("""^\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})""")]
    private static partial Regex Escape();

    [GeneratedRegex("""^[^\s,:;=\{\}\[\]"'#\u2018\u2019\u201c\u201d]*""")]
    private static partial Regex Word();

    [GeneratedRegex(@"^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$", RegexOptions.ECMAScript)]
    private static partial Regex Number();
}
