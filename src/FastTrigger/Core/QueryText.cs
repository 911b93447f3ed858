using System.Buffers.Text;
using System.Text;

namespace FastTrigger.Core;

/// <summary>Reads the query of a URL as application/x-www-form-urlencoded (url.spec.whatwg.org/#urlencoded-parsing).</summary>
internal static class QueryText
{
    /// <summary>The decoded names and values, in order. A name without = has an empty value.</summary>
    public static List<(string Name, string Value)> Parse(string query)
    {
        var pairs = new List<(string Name, string Value)>();
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals < 0 ? (Decode(pair), "") : (Decode(pair[..equals]), Decode(pair[(equals + 1)..])));
        }

        return pairs;
    }

    /// <summary>Decodes %XX and +. An invalid escape stays unchanged.</summary>
    public static string Decode(string text) => Decode(text, plusIsSpace: true);

    /// <param name="plusIsSpace">False for a path, where + stands for itself.</param>
    public static string Decode(string text, bool plusIsSpace)
    {
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
        {
            return text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (TryReadEscape(bytes.AsSpan(i), out var escaped))
            {
                bytes[length++] = escaped;
                i += 2;
            }
            else
            {
                bytes[length++] = plusIsSpace && bytes[i] == '+' ? (byte)' ' : bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        return text.Length > 2
            && text[0] == '%'
            && Utf8Parser.TryParse(text.Slice(1, 2), out value, out var used, 'x')
            && used == 2;
    }
}
