using System.IO.Compression;
using FastTrigger.Core;
using FastTrigger.Fuzzing;

namespace FastTrigger.Tests.Fuzzing;

/// <summary>Compressed data that is changed at random: what is accepted is what .NET reads, and nothing throws.</summary>
public sealed class InflateFuzzTests
{
    private const int MaxBytes = 100_000;

    private static readonly byte[][] s_texts =
    [
        [],
        Encoding.UTF8.GetBytes("one line of text"),
        new byte[3_000],
        [.. Enumerable.Range(0, 2_000).Select(i => (byte)(i * i % 251))],
        Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 90).Select(i => $"ERROR pump P-{i % 7} at {i}"))),
    ];

    [Theory]
    [MemberData(nameof(FuzzSeeds.All), MemberType = typeof(FuzzSeeds))]
    public void Gzip_that_is_accepted_is_what_dotnet_reads(int seed, int rounds) =>
        Compare(seed, rounds, stream => new GZipStream(stream, CompressionMode.Decompress), Gzip.Inflate, [.. Compressed((to, level) =>
            new GZipStream(to, level))]);

    [Theory]
    [MemberData(nameof(FuzzSeeds.All), MemberType = typeof(FuzzSeeds))]
    public void Zlib_that_is_accepted_is_what_dotnet_reads(int seed, int rounds) =>
        Compare(seed, rounds, stream => new ZLibStream(stream, CompressionMode.Decompress), InflateZlib, [.. Compressed((to, level) =>
            new ZLibStream(to, level))]);

    private delegate byte[]? InflateData(ReadOnlySpan<byte> data, int maxBytes, out string problem);

    /// <summary>Without bare deflate data, which .NET's reader of zlib refuses.</summary>
    private static byte[]? InflateZlib(ReadOnlySpan<byte> data, int maxBytes, out string problem)
    {
        var inflated = Zlib.Inflate(data, maxBytes, out problem);
        var isZlib = data.Length > 2 && (data[0] & 15) == 8 && ((data[0] << 8) | data[1]) % 31 == 0 && (data[1] & 32) == 0;
        problem = isZlib ? problem : "no zlib";
        return isZlib ? inflated : null;
    }

    private static void Compare(int seed, int rounds, Func<Stream, Stream> open, InflateData inflate, byte[][] corpus)
    {
        var mutator = new Mutator(corpus, seed);
        var accepted = 0;
        for (var round = 0; round < rounds; round++)
        {
            var input = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var inflated = inflate(input, MaxBytes, out var problem);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * MaxBytes);
            Assert.Equal(inflated is null, problem.Length > 0);
            if (inflated is null)
            {
                continue;
            }

            accepted++;
            using var expected = new MemoryStream();
            using (var stream = open(new MemoryStream(input)))
            {
                stream.CopyTo(expected);
            }

            Assert.True(inflated.AsSpan().SequenceEqual(expected.ToArray()), Convert.ToHexString(input));
        }

        // A fifth of the inputs is unchanged.
        Assert.InRange(accepted, rounds / 10, rounds);
    }

    private static IEnumerable<byte[]> Compressed(Func<Stream, CompressionLevel, Stream> open)
    {
        foreach (var text in s_texts)
        {
            foreach (var level in new[] { CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.SmallestSize })
            {
                using var compressed = new MemoryStream();
                using (var stream = open(compressed, level))
                {
                    stream.Write(text);
                }

                yield return compressed.ToArray();
            }
        }
    }
}
