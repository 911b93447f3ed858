namespace FastTrigger.Core;

/// <summary>
/// Reads gzip (RFC 1952), the format in which CloudWatch Logs sends its batches and many websites their pages. System.IO.Compression
/// would add zlib to the binary. The output of all members has one limit. Damaged data gives a problem, never an exception.
/// </summary>
internal static class Gzip
{
    private const int FixedHeaderLength = 10, TrailerLength = 8;

    public static bool Is(ReadOnlySpan<byte> data) => data.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]);

    /// <summary>
    /// The uncompressed data; null, with the problem, when the input is not gzip or the output is longer than <paramref name="maxBytes"/>.
    /// </summary>
    public static byte[]? Inflate(ReadOnlySpan<byte> data, int maxBytes, out string problem)
    {
        Span<uint> table = stackalloc uint[256];
        FillCrcTable(table);
        var inflater = new Inflater(data, maxBytes);
        for (var isFirst = true; ; isFirst = false)
        {
            var body = SkipHeader(inflater.Rest, table);
            if (body < 0)
            {
                problem = isFirst ? "it is not gzip" : "it is followed by data that is not gzip";
                return null;
            }

            inflater.BeginMember(inflater.Rest[body..]);
            problem = inflater.Run();
            if (problem.Length > 0)
            {
                return null;
            }

            var output = inflater.MemberOutput;
            var trailer = inflater.Rest;
            if (trailer.Length < TrailerLength
                || BitConverter.ToUInt32(trailer) != Crc(output, table)
                || BitConverter.ToInt32(trailer[4..]) != output.Length)
            {
                problem = "its checksum does not match its data";
                return null;
            }

            if (trailer.Length == TrailerLength)
            {
                return inflater.ToArray();
            }

            inflater.BeginMember(trailer[TrailerLength..]);
        }
    }

    /// <summary>The offset of the compressed data; -1 when this is not the header of a gzip file, or not as its checksum says.</summary>
    private static int SkipHeader(ReadOnlySpan<byte> data, ReadOnlySpan<uint> table)
    {
        const int Crc16 = 2, Extra = 4, Name = 8, Comment = 16, Reserved = 0xe0;
        if (data.Length < FixedHeaderLength + TrailerLength || !Is(data) || (data[3] & Reserved) != 0)
        {
            return -1;
        }

        var flags = data[3];
        var at = FixedHeaderLength;
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

        if ((flags & Crc16) == 0)
        {
            return at <= data.Length ? at : -1;
        }

        return at + 2 <= data.Length && BitConverter.ToUInt16(data[at..]) == (ushort)Crc(data[..at], table) ? at + 2 : -1;
    }

    private static void FillCrcTable(Span<uint> table)
    {
        for (var i = 0u; i < 256; i++)
        {
            var entry = i;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) != 0 ? 0xedb88320 ^ (entry >> 1) : entry >> 1;
            }

            table[(int)i] = entry;
        }
    }

    /// <summary>CRC-32 (RFC 1952, 8).</summary>
    private static uint Crc(ReadOnlySpan<byte> data, ReadOnlySpan<uint> table)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = table[(int)((crc ^ value) & 0xff)] ^ (crc >> 8);
        }

        return ~crc;
    }
}
