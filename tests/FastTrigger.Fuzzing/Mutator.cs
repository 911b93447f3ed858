using System.Text;
using System.Text.Json;

namespace FastTrigger.Fuzzing;

/// <summary>
/// Makes inputs from others: bytes are changed, and in JSON whole values and members too. A seed makes the same inputs again.
/// </summary>
/// <param name="tokens">Texts that the format gives a meaning to; those of most formats when there are none.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed, bool isJson = false, params string[] tokens)
{
    /// <summary>Those that formats give a meaning to.</summary>
    private const string Letters = " \0\r\n\t\"\\{}[],:0-+.eE%&;<>/!?=\u00ff";

    private const int MaxMutations = 4, MaxLength = 64 * 1024;

    /// <summary>Values that readers have fallen over.</summary>
    private static readonly byte[][] s_values =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "\"\"", "0", "-0", "-1", "1e999", "1E-999", "0.1e1", "9223372036854775808", "123456789012345678901",
            "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\" \"", "\"${event.a}\"", "\"${\"", "\"$.a[*]\"", "\"i-0\"", "\"aws:\"",
            "\"arn:aws:sqs:::\"", "\"2026-02-30T25:61:61Z\"", "\"e30=\"", "\"====\"", "\"H4sI\"",
            "[null]", "[[]]", "[{}]", "[{\"exists\":false}]", "[{\"anything-but\":[]}]", "[{\"numeric\":[\">\",1e400]}]",
            "[{\"wildcard\":\"**\"}]", "{\"\":{}}", "{\"$or\":[{},{}]}", "{\"a.b\":[1],\"a\":{\"b\":[2]}}",
        }.Select(Encoding.UTF8.GetBytes),
        [.. Enumerable.Repeat((byte)'[', 300)],
        Encoding.UTF8.GetBytes(new string('[', 300) + new string(']', 300)),
        Encoding.UTF8.GetBytes('"' + new string('x', 5000) + '"'),
    ];

    private readonly Random _random = new(seed);

    /// <summary>One input with up to four changes: a fifth of all have none.</summary>
    public byte[] Next()
    {
        var input = Any(seeds);
        for (var i = _random.Next(MaxMutations + 1); i > 0; i--)
        {
            input = isJson && _random.Next(4) > 0 ? ChangeJson(input) : ChangeBytes(input);
        }

        return input.Length <= MaxLength ? input : input[..MaxLength];
    }

    private byte[] ChangeJson(byte[] input)
    {
        var values = FindValues(input);
        if (values.Count == 0)
        {
            return ChangeBytes(input);
        }

        var (start, end) = Any(values);
        switch (_random.Next(5))
        {
            case 0:
                return Replace(input, start, end, Any(s_values));
            case 1:
                var other = Any(seeds);
                return FindValues(other) is { Count: > 0 } donors && Any(donors) is var (from, to)
                    ? Replace(input, start, end, other.AsSpan(from..to))
                    : input;
            case 2:
                var (first, last) = Any(values);
                return Replace(input, start, end, input.AsSpan(first..last));
            case 3:
                return Replace(input, start, end, [(byte)'[', .. input[start..end], (byte)',', .. input[start..end], (byte)']']);
            default:
                return Replace(input, start, end, [.. "{\"a\":"u8, .. input[start..end], .. ",\"a\":1}"u8]);
        }
    }

    private byte[] ChangeBytes(byte[] input)
    {
        var at = _random.Next(input.Length + 1);
        var end = Math.Min(input.Length, at + 1 + _random.Next(_random.Next(2) == 0 ? 4 : 64));
        switch (_random.Next(8))
        {
            case 0:
                return Replace(input, at, end, []);
            case 1:
                return Replace(input, at, at, input.AsSpan(at..end));
            case 2:
                return Replace(input, at, Math.Min(input.Length, at + 1), [(byte)_random.Next(256)]);
            case 3 when at < input.Length:
                return Replace(input, at, at + 1, [(byte)(input[at] ^ (1 << _random.Next(8)))]);
            case 4:
                var other = Any(seeds);
                var from = _random.Next(other.Length + 1);
                return Replace(input, at, at, other.AsSpan(from..Math.Min(other.Length, from + 1 + _random.Next(64))));
            case 5:
                var tail = Any(seeds);
                return [.. input[..at], .. tail[_random.Next(tail.Length + 1)..]];
            case 6:
                return input[..at];
            default:
                return Replace(input, at, at, tokens.Length > 0 ? Encoding.Latin1.GetBytes(Any(tokens)) : [(byte)Any(Letters)]);
        }
    }

    /// <summary>
    /// Where the values of valid JSON stand, and the strings that are names. Of other JSON it is those before the first mistake.
    /// </summary>
    private static List<(int Start, int End)> FindValues(byte[] json)
    {
        var found = new List<(int, int)>();
        var open = new Stack<int>();
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((int)reader.TokenStartIndex);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        found.Add((open.Pop(), (int)reader.BytesConsumed));
                        break;
                    case JsonTokenType.PropertyName:
                        found.Add(((int)reader.TokenStartIndex, (int)reader.TokenStartIndex + reader.ValueSpan.Length + 2));
                        break;
                    default:
                        found.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
                        break;
                }
            }
        }
        catch (JsonException)
        {
            return found;
        }

        return found;
    }

    private static byte[] Replace(byte[] input, int start, int end, ReadOnlySpan<byte> by) => [.. input[..start], .. by, .. input[end..]];

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private char Any(string of) => of[_random.Next(of.Length)];
}
