using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>
/// What each operator says of one value (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
/// </summary>
/// <param name="decided">Called with the name of an operator and what it said.</param>
internal sealed class ReferenceTests(Action<string, bool> decided)
{
    /// <summary>Whether the test asks for a field that is missing.</summary>
    public static bool IsAbsence(JsonElement test) =>
        test.ValueKind == JsonValueKind.Object && test.TryGetProperty("exists", out var exists) && exists.ValueKind == JsonValueKind.False;

    public bool Matches(JsonElement test, JsonElement value)
    {
        if (test.ValueKind != JsonValueKind.Object)
        {
            var kind = test.ValueKind is JsonValueKind.String or JsonValueKind.Number ? test.ValueKind.ToString() : "literal";
            return Decided(kind, AreEqual(test, value));
        }

        var member = test.EnumerateObject().Single();
        var (name, operand) = (member.Name, member.Value);
        return name switch
        {
            "exists" => Decided(name, operand.GetBoolean()),
            "numeric" => Decided(name, value.ValueKind == JsonValueKind.Number && IsInRange([.. operand.EnumerateArray()], value)),
            "anything-but" => MatchesAnythingBut(operand, value),
            _ when operand.ValueKind == JsonValueKind.Object =>
                Decided($"{name} equals-ignore-case", MatchesText(name, operand.EnumerateObject().Single().Value, value, ignoreCase: true)),
            _ => Decided(name, MatchesText(name, operand, value, ignoreCase: name == "equals-ignore-case")),
        };
    }

    private bool Decided(string name, bool matches)
    {
        decided(name, matches);
        return matches;
    }

    private bool MatchesAnythingBut(JsonElement operand, JsonElement value)
    {
        var inner = operand.ValueKind == JsonValueKind.Object ? operand.EnumerateObject().Single().Name : "";
        var listed = inner.Length > 0 ? operand.GetProperty(inner) : operand;
        var excluded = listed.ValueKind == JsonValueKind.Array ? [.. listed.EnumerateArray()] : new List<JsonElement> { listed };
        return Decided(
            $"anything-but {(inner.Length > 0 ? inner : excluded[0].ValueKind)}",
            !excluded.Exists(one => inner.Length > 0
                ? MatchesText(inner, one, value, ignoreCase: inner == "equals-ignore-case")
                : AreEqual(one, value)));
    }

    /// <summary>A text equals only a text. Numbers are equal when they are the same number, however they are written.</summary>
    private static bool AreEqual(JsonElement one, JsonElement other) => one.ValueKind == other.ValueKind && one.ValueKind switch
    {
        JsonValueKind.String => one.GetString() == other.GetString(),
        JsonValueKind.Number => Number.Parse(one.GetRawText()).CompareTo(Number.Parse(other.GetRawText())) == 0,
        _ => true,
    };

    private static bool IsInRange(List<JsonElement> operand, JsonElement value)
    {
        for (var i = 0; i < operand.Count; i += 2)
        {
            var order = Number.Parse(value.GetRawText()).CompareTo(Number.Parse(operand[i + 1].GetRawText()));
            var holds = operand[i].GetString() switch
            {
                "=" => order == 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    private static bool MatchesText(string name, JsonElement operand, JsonElement value, bool ignoreCase)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var (text, expected) = (Letters(value.GetString()!, ignoreCase), Letters(operand.GetString()!, ignoreCase));
        return name switch
        {
            "prefix" => text.Take(expected.Length).SequenceEqual(expected),
            "suffix" => text.TakeLast(expected.Length).SequenceEqual(expected),
            "equals-ignore-case" => text.SequenceEqual(expected),
            "wildcard" => MatchesWildcard(expected, 0, text, 0),
            _ => IsInNetwork(operand.GetString()!, value.GetString()!),
        };
    }

    private static Rune[] Letters(string text, bool ignoreCase) =>
        [.. text.EnumerateRunes().Select(letter => ignoreCase ? Rune.ToUpperInvariant(letter) : letter)];

    /// <summary>* is any number of letters; \* is * and \\ is \.</summary>
    private static bool MatchesWildcard(Rune[] pattern, int at, Rune[] text, int from)
    {
        if (at == pattern.Length)
        {
            return from == text.Length;
        }

        if (pattern[at].Value == '*')
        {
            return Enumerable.Range(from, text.Length - from + 1).Any(next => MatchesWildcard(pattern, at + 1, text, next));
        }

        at += pattern[at].Value == '\\' ? 1 : 0;
        return from < text.Length && text[from] == pattern[at] && MatchesWildcard(pattern, at + 1, text, from + 1);
    }

    private static bool IsInNetwork(string network, string text)
    {
        var parts = network.Split('/');
        return Bits(text) is { } address && Bits(parts[0]) is { } first && address.Length == first.Length
            && address.StartsWith(first[..int.Parse(parts[1], CultureInfo.InvariantCulture)], StringComparison.Ordinal);
    }

    /// <summary>The address as zeros and ones; null when it is none. Only whole addresses without leading zeros are.</summary>
    private static string? Bits(string text)
    {
        var isV6 = text.Contains(':', StringComparison.Ordinal);
        var isWhole = isV6
            ? text.All(static letter => char.IsAsciiHexDigit(letter) || letter is ':' or '.')
            : text.Split('.') is [_, _, _, _] parts && parts.All(static part => byte.TryParse(part, out var number) && part == $"{number}");
        return isWhole && IPAddress.TryParse(text, out var address)
            && address.AddressFamily == (isV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
                ? string.Concat(address.GetAddressBytes().Select(static part => part.ToString("b8", CultureInfo.InvariantCulture)))
                : null;
    }

    /// <summary>A number of any size: an integer times a power of ten.</summary>
    private readonly record struct Number(BigInteger Digits, int Exponent) : IComparable<Number>
    {
        private const int MaxPower = 10_000;

        public static Number Parse(string text)
        {
            var e = text.IndexOfAny(['e', 'E']);
            // Powers beyond this are as good as each other: no text of a test is that long.
            var power = e < 0 ? 0 : BigInteger.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
            var exponent = (int)BigInteger.Max(-MaxPower, BigInteger.Min(MaxPower, power));
            var mantissa = e < 0 ? text : text[..e];
            var point = mantissa.IndexOf('.', StringComparison.Ordinal);
            var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
            var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
            return new(BigInteger.Parse(digits, CultureInfo.InvariantCulture), exponent - decimals);
        }

        public int CompareTo(Number other)
        {
            var least = Math.Min(Exponent, other.Exponent);
            return Shifted(least).CompareTo(other.Shifted(least));
        }

        private BigInteger Shifted(int exponent) => Digits * BigInteger.Pow(10, Exponent - exponent);
    }
}
