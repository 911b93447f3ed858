using System.Net;
using System.Text;
using System.Text.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Cli.Matching;

/// <summary>What is near where a value of an event is not what a value or an operator of a pattern wants.</summary>
internal static class NearValue
{
    /// <summary>A shorter text is the start or the end of many others.</summary>
    private const int MinPart = 3;

    private const string Case = "upper and lower case", Spaces = "spaces at the ends";

    /// <summary>Whether a text is what a pattern wants.</summary>
    private delegate bool Fit(string wanted, string text, bool ignoreCase);

    /// <summary>The right value in another case, kind or notation; null when it is none.</summary>
    public static string? Hint(JsonElement wanted, JsonElement leaf) =>
        wanted.ValueKind == JsonValueKind.Object ? OperatorHint(wanted.EnumerateObject().First(), leaf)
        : wanted.ValueKind == leaf.ValueKind ? wanted.ValueKind == JsonValueKind.String ? TextHint(wanted, leaf) : null
        : AreSame(wanted, leaf)
            ? $"the event has {Kind(leaf.ValueKind)}, and the pattern {Kind(wanted.ValueKind)}: write {ShownJson.Of(leaf)}"
        : null;

    /// <summary>The start or the end of the right text, or more than that; null when it is neither.</summary>
    public static string? PartHint(JsonElement wanted, JsonElement leaf)
    {
        if (wanted.ValueKind != JsonValueKind.String || leaf.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var (value, text) = (wanted.GetString()!, leaf.GetString()!);
        return Math.Min(value.Length, text.Length) < MinPart ? null
            : text.EndsWith(value, StringComparison.Ordinal)
                ? $"the event's text ends with that; {{\"suffix\": {ShownJson.Of(wanted)}}} takes it"
            : text.StartsWith(value, StringComparison.Ordinal)
                ? $"the event's text starts with that; {{\"prefix\": {ShownJson.Of(wanted)}}} takes it"
            : text.Contains(value, StringComparison.Ordinal) && value.AsSpan().IndexOfAny("*\\\"") < 0
                ? $"the event's text has that inside; {{\"wildcard\": {ShownJson.Quoted($"*{value}*")}}} takes it"
            : value.EndsWith(text, StringComparison.Ordinal) ? $"the event has only the end of that: write {ShownJson.Of(leaf)}"
            : value.StartsWith(text, StringComparison.Ordinal) ? $"the event has only the start of that: write {ShownJson.Of(leaf)}"
            : null;
    }

    /// <summary>What sentences call a value.</summary>
    public static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string? TextHint(JsonElement wanted, JsonElement leaf)
    {
        var (value, text) = (wanted.GetString()!, leaf.GetString()!);
        return Differing(value, text, static (wanted, text, ignoreCase) => new TextPattern(wanted, ignoreCase).Equals(Utf8(text))) switch
        {
            Case => $"only {Case} differ; {{\"equals-ignore-case\": {ShownJson.Of(wanted)}}} takes both",
            { } differing => $"only {differing} differ",
            _ when value.Equals(text, StringComparison.OrdinalIgnoreCase) =>
                $"only {Case} differ, and equals-ignore-case does not take both",
            _ when AreOneNumber(wanted, leaf) => "the same number is written in another way, and texts are compared as they are",
            _ => value.Contains('*') ? "a * is any text only in {\"wildcard\": ...}"
                : CidrTest.Parse(value) is not null && IPAddress.TryParse(text, out _)
                    ? $"a network takes its addresses only in {{\"cidr\": {ShownJson.Of(wanted)}}}"
                : null,
        };
    }

    /// <summary>A letter that an operator takes for itself, and a person may mean as any text.</summary>
    private static string? PlainLetter(string name, string wanted) =>
        name is "prefix" or "suffix" && wanted.Contains('*')
            ? $"in {name} a * is a plain letter; it is any text only in {{\"wildcard\": ...}}"
        : name == "wildcard" && wanted.Contains('?') ? "in wildcard a ? is a plain letter, and only a * is any text"
        : null;

    private static string? OperatorHint(JsonProperty test, JsonElement leaf)
    {
        var (name, operand) = (test.Name, test.Value);
        if (name == "numeric" && leaf.ValueKind == JsonValueKind.String)
        {
            return Number(leaf) is { } number
                ? $"the event has the number {Encoding.UTF8.GetString(number)} as text, and numeric takes a number without quotes"
                : "the event has text, and numeric takes a number";
        }

        if (leaf.ValueKind == JsonValueKind.Number && name is "prefix" or "suffix" or "wildcard" or "equals-ignore-case" or "cidr")
        {
            return $"the event has a number, and {name} takes text";
        }

        Fit? fit = name switch
        {
            "prefix" => static (wanted, text, ignoreCase) => new TextPattern(wanted, ignoreCase).StartsWith(Utf8(text)),
            "suffix" => static (wanted, text, ignoreCase) => new TextPattern(wanted, ignoreCase).EndsWith(Utf8(text)),
            "equals-ignore-case" => static (wanted, text, _) => new TextPattern(wanted, ignoreCase: true).Equals(Utf8(text)),
            "wildcard" => IsLike,
            "cidr" => static (wanted, text, _) => CidrTest.Parse(wanted)!.Matches(new Leaf(JsonValueKind.String, Utf8(text))),
            _ => null,
        };
        if (fit is null || leaf.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        // {"prefix": {"equals-ignore-case": "..."}}
        var isIgnored = operand.ValueKind == JsonValueKind.Object;
        var wanted = isIgnored ? operand.EnumerateObject().First().Value : operand;
        Fit asWritten = (wanted, text, ignoreCase) => fit(wanted, text, ignoreCase || isIgnored);
        return Differing(wanted.GetString()!, leaf.GetString()!, asWritten) switch
        {
            Case when name == "wildcard" => $"only {Case} differ, and a wildcard takes no other case",
            Case => $"only {Case} differ; {{\"{name}\": {{\"equals-ignore-case\": {ShownJson.Of(wanted)}}}}} takes both",
            { } differing => $"only {differing} differ",
            _ => PlainLetter(name, wanted.GetString()!),
        };
    }

    /// <summary>In what alone a text differs from what is wanted; null when in more than that.</summary>
    private static string? Differing(string wanted, string text, Fit fits) =>
        fits(wanted, text, true) ? Case
        : fits(wanted.Trim(), text.Trim(), false) ? Spaces
        : fits(wanted.Trim(), text.Trim(), true) ? $"{Spaces} and {Case}"
        : null;

    private static bool IsLike(string wildcard, string text, bool ignoreCase)
    {
        var test = WildcardTest.Parse(ignoreCase ? wildcard.ToLowerInvariant() : wildcard, out _);
        return test?.Matches(new(JsonValueKind.String, Utf8(ignoreCase ? text.ToLowerInvariant() : text))) == true;
    }

    /// <summary>Whether two values are one as text, or one number.</summary>
    private static bool AreSame(JsonElement one, JsonElement other) =>
        Text(one).Equals(Text(other), StringComparison.OrdinalIgnoreCase)
        || AreOneNumber(one, other);

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static bool AreOneNumber(JsonElement one, JsonElement other) =>
        Number(one) is { } number && Number(other) is { } same && Numbers.AreEqual(number, same);

    /// <summary>A number, or the one that a text holds; null when it is none.</summary>
    private static byte[]? Number(JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? Utf8(value.ToString().Trim()) : [];
        var reader = new Utf8JsonReader(text);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.BytesConsumed == text.Length ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
