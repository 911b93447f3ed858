using System.IO.Compression;
using FastTrigger.Core;

namespace FastTrigger.Tests.Core;

/// <summary>Compares the reader with .NET's own zlib.</summary>
public sealed class ZlibTests
{
    private static readonly byte[] s_data =
        Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 60).Select(i => $"pump P-{i % 7}")));

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void Compressed_data_is_read_back_unchanged_with_and_without_its_header(CompressionLevel level)
    {
        Assert.Equal(s_data, Zlib.Inflate(Compress(level), 10_000, out _)!);
        Assert.Equal(s_data, Zlib.Inflate(Compress(level).AsSpan()[2..^4], 10_000, out _)!);
        Assert.Equal(s_data, Zlib.Inflate(Compress(level), s_data.Length, out _)!);
        Assert.Null(Zlib.Inflate(Compress(level), s_data.Length - 1, out var problem));
        Assert.StartsWith("it holds more than", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_and_every_changed_bit_is_reported_and_never_throws()
    {
        var whole = Compress(CompressionLevel.Optimal);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Zlib.Inflate(whole.AsSpan(0, length), 10_000, out var problem));
            Assert.NotEmpty(problem);
        }

        Assert.Null(Zlib.Inflate([.. whole, 0], 10_000, out _));
        for (var at = 2; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= (byte)(1 << bit);
                // The unused bits of the last byte do not matter.
                var inflated = Zlib.Inflate(changed, 10_000, out _);
                Assert.True(inflated is null || inflated.AsSpan().SequenceEqual(s_data), $"byte {at}, bit {bit}");
            }
        }
    }

    private static byte[] Compress(CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, level))
        {
            stream.Write(s_data);
        }

        return compressed.ToArray();
    }
}
