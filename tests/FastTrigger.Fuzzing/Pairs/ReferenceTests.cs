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

        Rune[] text = [.. value.GetString()!.EnumerateRunes()], expected = [.. operand.GetString()!.EnumerateRunes()];
        bool AreEqual(IEnumerable<Rune> letters) => letters.Count() == expected.Length
            && letters.Zip(expected).All(pair => ignoreCase ? IsCase(pair.First, pair.Second) : pair.First == pair.Second);
        return name switch
        {
            "prefix" => AreEqual(text.Take(expected.Length)),
            "suffix" => AreEqual(text.TakeLast(expected.Length)),
            "equals-ignore-case" => AreEqual(text),
            "wildcard" => MatchesWildcard(expected, 0, text, 0),
            _ => IsInNetwork(operand.GetString()!, value.GetString()!),
        };
    }

    /// <summary>
    /// Whether a letter is the lower or the upper case of a letter of the pattern. AWS's documentation does not say which letters differ
    /// in case alone, so this is the rule of its open engine (github.com/aws/event-ruler, EqualsIgnoreCaseParser).
    /// </summary>
    private static bool IsCase(Rune letter, Rune expected) =>
        letter == Rune.ToLowerInvariant(expected) || letter == (expected.Value switch
        {
            'ı' => new('I'),
            'ſ' => new('S'),
            _ => Rune.ToUpperInvariant(expected),
        });

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
    private readonly record struct Number(BigInteger Digits, BigInteger Exponent) : IComparable<Number>
    {
        public static Number Parse(string text)
        {
            var e = text.IndexOfAny(['e', 'E']);
            var power = e < 0 ? 0 : BigInteger.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
            var mantissa = e < 0 ? text : text[..e];
            var point = mantissa.IndexOf('.', StringComparison.Ordinal);
            var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
            var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
            return new(BigInteger.Parse(digits, CultureInfo.InvariantCulture), power - decimals);
        }

        public int CompareTo(Number other)
        {
            if (Digits.Sign != other.Digits.Sign || Digits.IsZero)
            {
                return Digits.Sign.CompareTo(other.Digits.Sign);
            }

            // The number with more digits before the point is the larger one. Of the others the exponents are near each other.
            var larger = (Length + Exponent).CompareTo(other.Length + other.Exponent);
            var least = BigInteger.Min(Exponent, other.Exponent);
            return larger != 0 ? larger * Digits.Sign : Shifted(least).CompareTo(other.Shifted(least));
        }

        private int Length => BigInteger.Abs(Digits).ToString(CultureInfo.InvariantCulture).Length;

        private BigInteger Shifted(BigInteger exponent) => Digits * BigInteger.Pow(10, (int)(Exponent - exponent));
    }
}
