namespace FastTrigger.Core;

/// <summary>Reads bits in the order of deflate, from the least significant bit of each byte (RFC 1951, 3.1.1).</summary>
internal ref struct BitReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private int _position, _bits, _bitCount;

    /// <summary>Whether a caller has read more bits than there are. <see cref="Read"/> returns zeros for them.</summary>
    public readonly bool IsPastEnd => _position > _input.Length;

    /// <summary>The bytes after the last byte that was read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _input[_position..];

    public int Read(int count)
    {
        while (_bitCount < count)
        {
            _bits |= (_position < _input.Length ? _input[_position] : 0) << _bitCount;
            _position++;
            _bitCount += 8;
        }

        var value = _bits & ((1 << count) - 1);
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    /// <summary>Skips the rest of the current byte and reads whole bytes; false when there are too few.</summary>
    public bool TryReadBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        _bits = _bitCount = 0;
        if (_position + count > _input.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _input.Slice(_position, count);
        _position += count;
        return true;
    }

    /// <summary>Reads one symbol; -1 when the bits are not a code, or the input ends.</summary>
    public int ReadSymbol(HuffmanCode code)
    {
        var value = 0;
        var first = 0;
        var index = 0;
        for (var length = 1; length <= HuffmanCode.MaxLength; length++)
        {
            value |= Read(1);
            if (IsPastEnd)
            {
                return -1;
            }

            var count = code.Counts[length];
            if (value - count < first)
            {
                return code.Symbols[index + value - first];
            }

            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }

        return -1;
    }
}
