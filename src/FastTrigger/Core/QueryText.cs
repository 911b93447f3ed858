using System.Buffers.Text;
using System.Text;

namespace FastTrigger.Core;

/// <summary>
/// Reads the query of a URL as application/x-www-form-urlencoded (url.spec.whatwg.org/#urlencoded-parsing), and encodes text for URLs.
/// </summary>
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

    /// <summary>Insertion sort: there are few entries, and equal ones keep their order.</summary>
    public static void Sort(List<(string Name, string Value)> list, Comparison<(string Name, string Value)> compare)
    {
        for (var i = 1; i < list.Count; i++)
        {
            var entry = list[i];
            var at = i;
            for (; at > 0 && compare(list[at - 1], entry) > 0; at--)
            {
                list[at] = list[at - 1];
            }

            list[at] = entry;
        }
    }

    /// <summary>Appends text, with each byte but A-Z a-z 0-9 - . _ ~ written as %XX.</summary>
    public static void AppendEncoded(ByteBuffer target, string text, bool keepSlash = false)
    {
        Span<byte> small = stackalloc byte[256];
        var maxCount = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = maxCount <= small.Length ? small : new byte[maxCount];
        foreach (var value in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
        {
            if (IsUnreserved(value) || (keepSlash && value == '/'))
            {
                target.Append(value);
            }
            else
            {
                var digits = "0123456789ABCDEF"u8;
                target.Append((byte)'%').Append(digits[value >> 4]).Append(digits[value & 15]);
            }
        }
    }

    private static bool IsUnreserved(byte value) =>
        char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        return text.Length > 2
            && text[0] == '%'
            && Utf8Parser.TryParse(text.Slice(1, 2), out value, out var used, 'x')
            && used == 2;
    }
}
