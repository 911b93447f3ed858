using FastTrigger.Core;

namespace FastTrigger.Patterns;

/// <summary>{"wildcard": "dir/*.png"}: * stands for any number of characters; \* means * and \\ means \.</summary>
internal sealed class WildcardTest : TextTest
{
    private readonly byte[][] _parts;

    private WildcardTest(byte[][] parts) => _parts = parts;

    /// <summary>Null, with the problem, for a pattern with ** or another escape.</summary>
    public static WildcardTest? Parse(string pattern, out string problem)
    {
        problem = "";
        var parts = new List<byte[]>();
        var part = new ByteBuffer(64);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                if (i + 1 >= pattern.Length || pattern[i + 1] is not ('*' or '\\'))
                {
                    problem = @"in a wildcard only \* and \\ are escapes";
                    return null;
                }

                part.Append((byte)pattern[++i]);
            }
            else if (pattern[i] != '*')
            {
                // A pair of surrogates is one character and is encoded as one.
                var length = char.IsHighSurrogate(pattern[i]) && i + 1 < pattern.Length ? 2 : 1;
                part.Append(pattern.AsSpan(i, length));
                i += length - 1;
            }
            else if (i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                problem = "** is not allowed in a wildcard";
                return null;
            }
            else
            {
                parts.Add(part.Span.ToArray());
                part.Clear();
            }
        }

        parts.Add(part.Span.ToArray());
        return new([.. parts]);
    }

    /// <summary>
    /// The text must start with the first part and end with the last. The first occurrence of each part between is enough for *.
    /// </summary>
    protected override bool Matches(ReadOnlySpan<byte> utf8)
    {
        if (_parts.Length == 1)
        {
            return utf8.SequenceEqual(_parts[0]);
        }

        var last = _parts[^1];
        if (!utf8.StartsWith(_parts[0]))
        {
            return false;
        }

        utf8 = utf8[_parts[0].Length..];
        if (!utf8.EndsWith(last))
        {
            return false;
        }

        utf8 = utf8[..^last.Length];
        foreach (var part in _parts.AsSpan(1, _parts.Length - 2))
        {
            var at = utf8.IndexOf(part);
            if (at < 0)
            {
                return false;
            }

            utf8 = utf8[(at + part.Length)..];
        }

        return true;
    }
}
