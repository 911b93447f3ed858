using System.Text;

namespace FastTrigger.Core;

/// <summary>The query of a URL, as application/x-www-form-urlencoded (url.spec.whatwg.org/#urlencoded-parsing).</summary>
internal static class QueryText
{
    /// <summary>Names and values, decoded, in their order; a name without = has an empty value.</summary>
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

    /// <summary>%XX and +. What is no valid escape stays as it is.</summary>
    public static string Decode(string text) => Decode(text, plusIsSpace: true);

    /// <param name="plusIsSpace">False for a path, in which a plus is a plus.</param>
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
            var value = bytes[i] == '%' && i + 2 < bytes.Length && System.Buffers.Text.Utf8Parser.TryParse(bytes.AsSpan(i + 1, 2), out byte code, out var used, 'x') && used == 2 ? code : -1;
            bytes[length++] = value >= 0 ? (byte)value : plusIsSpace && bytes[i] == '+' ? (byte)' ' : bytes[i];
            i += value >= 0 ? 2 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
