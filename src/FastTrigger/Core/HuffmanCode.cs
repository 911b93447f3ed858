namespace FastTrigger.Core;

/// <summary>A canonical Huffman code (RFC 1951, 3.2.2).</summary>
/// <param name="Counts">The number of codes of each length.</param>
/// <param name="Symbols">The symbols in the order of their codes.</param>
internal sealed record HuffmanCode(ushort[] Counts, ushort[] Symbols)
{
    /// <summary>The maximum length of a code, in bits.</summary>
    public const int MaxLength = 15;

    /// <summary>The code for literals and lengths of a block with fixed codes (RFC 1951, 3.2.6).</summary>
    public static HuffmanCode FixedLiterals()
    {
        Span<byte> lengths = stackalloc byte[288];
        lengths.Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        return Create(lengths)!;
    }

    /// <summary>The code for distances of a block with fixed codes. Two of them stand for no distance.</summary>
    public static HuffmanCode FixedDistances()
    {
        Span<byte> lengths = stackalloc byte[32];
        lengths.Fill(5);
        return Create(lengths)!;
    }

    /// <summary>
    /// The code in which each symbol has a code of this length. Null when there are more codes than the lengths allow, or fewer, which only
    /// a single code of one bit may be, and no code of lengths.
    /// </summary>
    public static HuffmanCode? Create(ReadOnlySpan<byte> lengths, bool isOfLengths = false)
    {
        var longest = 0;
        var counts = new ushort[MaxLength + 1];
        foreach (var length in lengths)
        {
            counts[length]++;
            longest = Math.Max(longest, length);
        }

        counts[0] = 0;
        var left = 1;
        Span<ushort> offsets = stackalloc ushort[MaxLength + 2];
        for (var length = 1; length <= MaxLength; length++)
        {
            left = (left << 1) - counts[length];
            if (left < 0)
            {
                return null;
            }

            offsets[length + 1] = (ushort)(offsets[length] + counts[length]);
        }

        if (left > 0 && longest > 0 && (isOfLengths || longest > 1))
        {
            return null;
        }

        var symbols = new ushort[lengths.Length];
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] != 0)
            {
                symbols[offsets[lengths[symbol]]++] = (ushort)symbol;
            }
        }

        return new(counts, symbols);
    }
}
