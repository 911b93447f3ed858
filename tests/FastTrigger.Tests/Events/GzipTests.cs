using System.IO.Compression;
using FastTrigger.Events;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Events;

/// <summary>What CloudWatch Logs compresses, against .NET's own gzip.</summary>
public sealed class GzipTests
{
    private const int Most = 1024 * 1024;

    public static TheoryData<CompressionLevel> Levels => [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];

    [Theory]
    [MemberData(nameof(Levels))]
    public void What_was_compressed_comes_back(CompressionLevel level)
    {
        // Runs, text and noise, so that every kind of block and every length of code occurs.
        var pieces = Gen.OneOf(
            Gen.Choose(0, 255).Zip(Gen.Choose(0, 700)).Select(run => Enumerable.Repeat((byte)run.Item1, run.Item2).ToArray()),
            Gen.Elements("ERROR pump P-7 overheated\n", "{\"level\":93}", "tank ").Select(Encoding.UTF8.GetBytes),
            Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf());
        Prop.ForAll(pieces.ArrayOf().Select(parts => parts.SelectMany(part => part).ToArray()).Where(data => data.Length > 0).ToArbitrary(), data =>
            Gzip.Inflate(Compress(data, level), Most, out var problem) is { } inflated && problem.Length == 0 && inflated.AsSpan().SequenceEqual(data)).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_told_and_never_an_exception()
    {
        var data = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 60).Select(i => $"line {i} of pump P-{i % 7}")));
        var whole = Compress(data);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Gzip.Inflate(whole.AsSpan(0, length), Most, out var problem));
            Assert.NotEmpty(problem);
        }

        for (var at = 10; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= (byte)(1 << bit);
                // The bits that fill up the last byte of the data mean nothing.
                Assert.True(Gzip.Inflate(changed, Most, out _) is not { } inflated || inflated.AsSpan().SequenceEqual(data), $"byte {at}, bit {bit}");
            }
        }
    }

    [Fact]
    public void A_bomb_is_let_grow_to_the_limit_and_no_further()
    {
        var bomb = Compress(new byte[64 * 1024 * 1024], CompressionLevel.SmallestSize);
        Assert.InRange(bomb.Length, 1, 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Gzip.Inflate(bomb, Most, out var problem));
        Assert.Equal("it holds more than 1048576 bytes", problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4 * Most);
        Assert.Equal(Most, Gzip.Inflate(Compress(new byte[Most], CompressionLevel.SmallestSize), Most, out _)!.Length);
    }

    [Theory]
    [InlineData("1f8b08080000000002ff612e6c6f67004bcb2c2a2e010057ee719205000000", "first")]
    [InlineData("1f8b080000000000000307", "it is not gzip")]
    [InlineData("1f8b0800000000000003070000000000000000000000", "it is cut off or damaged")]
    public void A_header_may_have_a_name_and_a_block_has_a_known_form(string hex, string expected)
    {
        var inflated = Gzip.Inflate(Convert.FromHexString(hex), Most, out var problem);
        Assert.Equal(expected, inflated is null ? problem : Encoding.UTF8.GetString(inflated));
    }

    internal static byte[] Compress(byte[] data, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, level))
        {
            stream.Write(data);
        }

        return compressed.ToArray();
    }
}
