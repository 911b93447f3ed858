using System.Buffers.Binary;

namespace FastTrigger.Core;

/// <summary>
/// Reads what HTTP calls deflate: zlib (RFC 1950), and also bare deflate data, which some servers send instead (RFC 9110, 8.4.1.2).
/// </summary>
internal static class Zlib
{
    private const int HeaderLength = 2, TrailerLength = 4, WithDictionary = 0x20;

    /// <summary>
    /// The uncompressed data; null, with the problem, when the input is damaged or the output is longer than <paramref name="maxBytes"/>.
    /// </summary>
    public static byte[]? Inflate(ReadOnlySpan<byte> data, int maxBytes, out string problem)
    {
        var isZlib = data.Length > HeaderLength
            && (data[0] & 15) == 8
            && ((data[0] << 8) | data[1]) % 31 == 0
            && (data[1] & WithDictionary) == 0;
        var inflater = new Inflater(isZlib ? data[HeaderLength..] : data, maxBytes);
        problem = inflater.Run();
        if (problem.Length > 0)
        {
            return null;
        }

        var isWhole = isZlib
            ? inflater.Rest.Length == TrailerLength && BinaryPrimitives.ReadUInt32BigEndian(inflater.Rest) == Adler(inflater.Output)
            : inflater.Rest.IsEmpty;
        problem = isWhole ? "" : "its checksum does not match its data";
        return isWhole ? inflater.ToArray() : null;
    }

    /// <summary>Adler-32 (RFC 1950, 8.2).</summary>
    private static uint Adler(ReadOnlySpan<byte> data)
    {
        uint a = 1, b = 0;
        foreach (var value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        return (b << 16) | a;
    }
}
