namespace FastTrigger.Events;

/// <summary>
/// Reads gzip (RFC 1952) and the deflate inside (RFC 1951), in which CloudWatch Logs sends its batches. System.IO.Compression would bring zlib into the binary for these; what is read here is
/// a few kilobytes an event, never more than a limit, and wrong data ends it and nothing else.
/// </summary>
internal ref struct Gzip
{
    private const int LongestCode = 15, EndOfBlock = 256, Literals = 288, Distances = 30;

    private static ReadOnlySpan<ushort> LengthBase => [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthBits => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBase => [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];

    private static ReadOnlySpan<byte> DistanceBits => [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private readonly ReadOnlySpan<byte> _input;
    private readonly int _most;
    private byte[] _output;
    private int _at, _length, _bits, _bitCount;

    private Gzip(ReadOnlySpan<byte> input, int most)
    {
        _input = input;
        _most = most;
        _output = new byte[Math.Min(most, Math.Max(1024, input.Length * 4))];
    }

    public static bool Is(ReadOnlySpan<byte> data) => data.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]);

    /// <summary>What was compressed; null, with what is wrong, when it is no gzip or longer than <paramref name="most"/> bytes.</summary>
    public static byte[]? Inflate(ReadOnlySpan<byte> data, int most, out string problem)
    {
        var body = SkipHeader(data);
        if (body < 0)
        {
            problem = "it is not gzip";
            return null;
        }

        var gzip = new Gzip(data[body..], most);
        problem = gzip.Run();
        if (problem.Length > 0)
        {
            return null;
        }

        var trailer = gzip._input[gzip._at..];
        if (trailer.Length < 8 || BitConverter.ToUInt32(trailer) != Crc(gzip._output.AsSpan(0, gzip._length)) || BitConverter.ToInt32(trailer[4..]) != gzip._length)
        {
            problem = "its checksum is not that of what it holds";
            return null;
        }

        return gzip._output[..gzip._length];
    }

    private static int SkipHeader(ReadOnlySpan<byte> data)
    {
        const int Crc16 = 2, Extra = 4, Name = 8, Comment = 16;
        if (data.Length < 18 || !Is(data))
        {
            return -1;
        }

        var flags = data[3];
        var at = 10;
        if ((flags & Extra) != 0)
        {
            at += 2 + BitConverter.ToUInt16(data[at..]);
        }

        foreach (var text in (ReadOnlySpan<int>)[Name, Comment])
        {
            if ((flags & text) != 0)
            {
                var end = at < data.Length ? data[at..].IndexOf((byte)0) : -1;
                if (end < 0)
                {
                    return -1;
                }

                at += end + 1;
            }
        }

        at += (flags & Crc16) != 0 ? 2 : 0;
        return at <= data.Length ? at : -1;
    }

    /// <summary>Empty when all went well.</summary>
    private string Run()
    {
        bool isLast;
        do
        {
            isLast = Bits(1) == 1;
            var good = Bits(2) switch
            {
                0 => Stored(),
                1 => Compressed(Fixed(Literals), Fixed(Distances)),
                2 => Dynamic(),
                _ => false,
            };
            if (!good)
            {
                return _length > _most ? $"it holds more than {_most} bytes" : "it is cut off or damaged";
            }
        }
        while (!isLast);
        return "";
    }

    private bool Stored()
    {
        _bits = _bitCount = 0;
        if (_at + 4 > _input.Length)
        {
            return false;
        }

        var count = BitConverter.ToUInt16(_input[_at..]);
        var check = BitConverter.ToUInt16(_input[(_at + 2)..]);
        _at += 4;
        if (count != (ushort)~check || _at + count > _input.Length || !Reserve(count))
        {
            return false;
        }

        _input.Slice(_at, count).CopyTo(_output.AsSpan(_length));
        _at += count;
        _length += count;
        return true;
    }

    private bool Dynamic()
    {
        var literals = Bits(5) + 257;
        var distances = Bits(5) + 1;
        var count = Bits(4) + 4;
        if (_at > _input.Length || literals > 286 || distances > Distances)
        {
            return false;
        }

        Span<byte> lengths = stackalloc byte[Literals + 32];
        lengths.Clear();
        for (var i = 0; i < count; i++)
        {
            lengths[CodeLengthOrder[i]] = (byte)Bits(3);
        }

        if (Code.Make(lengths[..19]) is not { } lengthCode)
        {
            return false;
        }

        lengths.Clear();
        for (var i = 0; i < literals + distances;)
        {
            var symbol = Decode(lengthCode);
            if (symbol < 0)
            {
                return false;
            }

            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0)
            {
                return false;
            }

            var value = symbol == 16 ? lengths[i - 1] : (byte)0;
            var times = symbol == 16 ? 3 + Bits(2) : symbol == 17 ? 3 + Bits(3) : 11 + Bits(7);
            if (i + times > literals + distances)
            {
                return false;
            }

            lengths.Slice(i, times).Fill(value);
            i += times;
        }

        return lengths[EndOfBlock] > 0 && Code.Make(lengths[..literals]) is { } literalCode && Code.Make(lengths.Slice(literals, distances)) is { } distanceCode && Compressed(literalCode, distanceCode);
    }

    private bool Compressed(Code literals, Code distances)
    {
        while (true)
        {
            var symbol = Decode(literals);
            if (symbol is < 0 or >= EndOfBlock + 30)
            {
                return false;
            }

            if (symbol == EndOfBlock)
            {
                return true;
            }

            if (symbol < EndOfBlock)
            {
                if (!Reserve(1))
                {
                    return false;
                }

                _output[_length++] = (byte)symbol;
                continue;
            }

            var length = LengthBase[symbol - 257] + Bits(LengthBits[symbol - 257]);
            var code = Decode(distances);
            if (code is < 0 or >= Distances)
            {
                return false;
            }

            var distance = DistanceBase[code] + Bits(DistanceBits[code]);
            if (distance > _length || !Reserve(length))
            {
                return false;
            }

            // What is copied may be what was copied just now.
            for (var i = 0; i < length; i++, _length++)
            {
                _output[_length] = _output[_length - distance];
            }
        }
    }

    private bool Reserve(int count)
    {
        if (_length + count > _most)
        {
            _length = _most + 1;
            return false;
        }

        if (_length + count > _output.Length)
        {
            Array.Resize(ref _output, (int)Math.Min(_most, Math.Max(_output.Length * 2L, _length + count)));
        }

        return true;
    }

    /// <summary>Behind the end there are only zeros, and whoever gets there notices by the position.</summary>
    private int Bits(int count)
    {
        while (_bitCount < count)
        {
            _bits |= (_at < _input.Length ? _input[_at] : 0) << _bitCount;
            _at++;
            _bitCount += 8;
        }

        var value = _bits & ((1 << count) - 1);
        _bits >>= count;
        _bitCount -= count;
        return value;
    }

    /// <summary>-1 when no code is there, or the input is at its end.</summary>
    private int Decode(Code code)
    {
        var value = 0;
        var first = 0;
        var index = 0;
        for (var length = 1; length <= LongestCode; length++)
        {
            value |= Bits(1);
            if (_at > _input.Length)
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

    private static Code Fixed(int count)
    {
        Span<byte> lengths = stackalloc byte[count];
        if (count == Distances)
        {
            lengths.Fill(5);
        }
        else
        {
            lengths.Fill(8);
            lengths[144..256].Fill(9);
            lengths[256..280].Fill(7);
        }

        return Code.Make(lengths)!;
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        Span<uint> table = stackalloc uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) != 0 ? 0xedb88320 ^ (entry >> 1) : entry >> 1;
            }

            table[(int)i] = entry;
        }

        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = table[(int)((crc ^ value) & 0xff)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>A canonical Huffman code: how many codes there are of each length, and their symbols in order.</summary>
    private sealed record Code(ushort[] Counts, ushort[] Symbols)
    {
        /// <summary>Null when more codes are given than there can be.</summary>
        public static Code? Make(ReadOnlySpan<byte> lengths)
        {
            var counts = new ushort[LongestCode + 1];
            foreach (var length in lengths)
            {
                counts[length]++;
            }

            counts[0] = 0;
            var left = 1;
            Span<ushort> offsets = stackalloc ushort[LongestCode + 2];
            for (var length = 1; length <= LongestCode; length++)
            {
                left = (left << 1) - counts[length];
                if (left < 0)
                {
                    return null;
                }

                offsets[length + 1] = (ushort)(offsets[length] + counts[length]);
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
}
