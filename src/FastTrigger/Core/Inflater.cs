namespace FastTrigger.Core;

/// <summary>Uncompresses deflate data (RFC 1951) up to a limit.</summary>
internal ref struct Inflater
{
    private const int EndOfBlock = 256, Literals = 288, Distances = 30;

    private readonly int _maxBytes;
    private BitReader _reader;
    private byte[] _output;
    private int _length, _memberStart;
    private bool _isTooLong;

    public Inflater(ReadOnlySpan<byte> input, int maxBytes)
    {
        _reader = new(input);
        _maxBytes = maxBytes;
        _output = new byte[Math.Min(maxBytes, Math.Max(1024, input.Length * 4))];
    }

    public readonly ReadOnlySpan<byte> Output => _output.AsSpan(0, _length);

    /// <summary>The output since <see cref="BeginMember"/>.</summary>
    public readonly ReadOnlySpan<byte> MemberOutput => _output.AsSpan(_memberStart, _length - _memberStart);

    /// <summary>The input after the last block.</summary>
    public readonly ReadOnlySpan<byte> Rest => _reader.Rest;

    private static ReadOnlySpan<ushort> LengthBase =>
    [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ];

    private static ReadOnlySpan<byte> LengthBits =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ];

    private static ReadOnlySpan<ushort> DistanceBase =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
        16385, 24577,
    ];

    private static ReadOnlySpan<byte> DistanceBits =>
    [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ];

    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Continues with other input, which does not refer to the output before it.</summary>
    public void BeginMember(ReadOnlySpan<byte> input)
    {
        _reader = new(input);
        _memberStart = _length;
    }

    /// <summary>All of the output, without a copy when that fills its buffer.</summary>
    public readonly byte[] ToArray() => _length == _output.Length ? _output : Output.ToArray();

    /// <summary>Reads all blocks. Returns the problem, or an empty text on success.</summary>
    public string Run()
    {
        bool isLast;
        do
        {
            isLast = _reader.Read(1) == 1;
            var isValid = _reader.Read(2) switch
            {
                0 => ReadStored(),
                1 => ReadCompressed(HuffmanCode.FixedLiterals(), HuffmanCode.FixedDistances()),
                2 => ReadDynamic(),
                _ => false,
            };
            if (!isValid)
            {
                return _isTooLong ? $"it holds more than {_maxBytes} bytes" : "it is truncated or damaged";
            }
        }
        while (!isLast);
        return "";
    }

    private bool ReadStored()
    {
        if (!_reader.TryReadBytes(4, out var header))
        {
            return false;
        }

        var count = BitConverter.ToUInt16(header);
        var check = BitConverter.ToUInt16(header[2..]);
        if (count != (ushort)~check || !_reader.TryReadBytes(count, out var bytes) || !Reserve(count))
        {
            return false;
        }

        bytes.CopyTo(_output.AsSpan(_length));
        _length += count;
        return true;
    }

    private bool ReadDynamic()
    {
        var literals = _reader.Read(5) + 257;
        var distances = _reader.Read(5) + 1;
        var count = _reader.Read(4) + 4;
        if (_reader.IsPastEnd || literals > 286 || distances > Distances)
        {
            return false;
        }

        Span<byte> lengths = stackalloc byte[Literals + 32];
        lengths.Clear();
        for (var i = 0; i < count; i++)
        {
            lengths[CodeLengthOrder[i]] = (byte)_reader.Read(3);
        }

        var lengthCode = HuffmanCode.Create(lengths[..CodeLengthOrder.Length], isOfLengths: true);
        lengths.Clear();
        return lengthCode is not null
            && ReadLengths(lengthCode, lengths[..(literals + distances)])
            && lengths[EndOfBlock] > 0
            && HuffmanCode.Create(lengths[..literals]) is { } literalCode
            && HuffmanCode.Create(lengths.Slice(literals, distances)) is { } distanceCode
            && ReadCompressed(literalCode, distanceCode);
    }

    /// <summary>Reads the code lengths of a dynamic block. Symbols 16 to 18 repeat a length (RFC 1951, 3.2.7).</summary>
    private bool ReadLengths(HuffmanCode code, scoped Span<byte> lengths)
    {
        for (var i = 0; i < lengths.Length;)
        {
            var symbol = _reader.ReadSymbol(code);
            if (symbol < 0 || (symbol == 16 && i == 0))
            {
                return false;
            }

            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            var value = symbol == 16 ? lengths[i - 1] : (byte)0;
            var times = symbol switch
            {
                16 => 3 + _reader.Read(2),
                17 => 3 + _reader.Read(3),
                _ => 11 + _reader.Read(7),
            };
            if (i + times > lengths.Length)
            {
                return false;
            }

            lengths.Slice(i, times).Fill(value);
            i += times;
        }

        return true;
    }

    private bool ReadCompressed(HuffmanCode literals, HuffmanCode distances)
    {
        while (true)
        {
            var symbol = _reader.ReadSymbol(literals);
            if (symbol == EndOfBlock)
            {
                return true;
            }

            var isRead = symbol < EndOfBlock ? AppendLiteral(symbol) : AppendCopy(symbol - EndOfBlock - 1, distances);
            if (!isRead)
            {
                return false;
            }
        }
    }

    private bool AppendLiteral(int value)
    {
        if (value < 0 || !Reserve(1))
        {
            return false;
        }

        _output[_length++] = (byte)value;
        return true;
    }

    /// <summary>Repeats earlier output.</summary>
    /// <param name="lengthIndex">The index of the length in the tables.</param>
    private bool AppendCopy(int lengthIndex, HuffmanCode distances)
    {
        if (lengthIndex >= LengthBase.Length)
        {
            return false;
        }

        var length = LengthBase[lengthIndex] + _reader.Read(LengthBits[lengthIndex]);
        var code = _reader.ReadSymbol(distances);
        if (code is < 0 or >= Distances)
        {
            return false;
        }

        var distance = DistanceBase[code] + _reader.Read(DistanceBits[code]);
        if (distance > _length - _memberStart || !Reserve(length))
        {
            return false;
        }

        // The source may overlap the target, so this copies byte by byte.
        for (var i = 0; i < length; i++, _length++)
        {
            _output[_length] = _output[_length - distance];
        }

        return true;
    }

    private bool Reserve(int count)
    {
        _isTooLong = _length + count > _maxBytes;
        if (!_isTooLong && _length + count > _output.Length)
        {
            Array.Resize(ref _output, (int)Math.Min(_maxBytes, Math.Max(_output.Length * 2L, _length + count)));
        }

        return !_isTooLong;
    }
}
