using System.IO.Compression;
using FastTrigger.Core;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Core;

/// <summary>Compares the reader with .NET's own gzip.</summary>
public sealed class GzipTests
{
    private const int MaxBytes = 1024 * 1024;

    public static TheoryData<CompressionLevel> Levels =>
    [
        CompressionLevel.NoCompression,
        CompressionLevel.Fastest,
        CompressionLevel.Optimal,
        CompressionLevel.SmallestSize,
    ];

    [Theory]
    [MemberData(nameof(Levels))]
    public void Compressed_data_is_read_back_unchanged(CompressionLevel level)
    {
        // Runs, text and noise give every kind of block and every length of code.
        var pieces = Gen.OneOf(
            Gen.Choose(0, 255).Zip(Gen.Choose(0, 700)).Select(run => Enumerable.Repeat((byte)run.Item1, run.Item2).ToArray()),
            Gen.Elements("ERROR pump P-7 overheated\n", "{\"level\":93}", "tank ").Select(Encoding.UTF8.GetBytes),
            Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf());
        var data = pieces.ArrayOf().Select(parts => parts.SelectMany(part => part).ToArray()).Where(bytes => bytes.Length > 0);
        Prop.ForAll(data.ToArbitrary(), bytes =>
        {
            var inflated = Gzip.Inflate(Compress(bytes, level), MaxBytes, out var problem);
            return problem.Length == 0 && inflated.AsSpan().SequenceEqual(bytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(40));
    }

    [Fact]
    public void Every_truncation_and_every_changed_bit_is_reported_and_never_throws()
    {
        var data = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 60).Select(i => $"line {i} of pump P-{i % 7}")));
        var whole = Compress(data);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Gzip.Inflate(whole.AsSpan(0, length), MaxBytes, out var problem));
            Assert.NotEmpty(problem);
        }

        for (var at = 10; at < whole.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= (byte)(1 << bit);
                // The unused bits of the last byte do not matter.
                var inflated = Gzip.Inflate(changed, MaxBytes, out _);
                Assert.True(inflated is null || inflated.AsSpan().SequenceEqual(data), $"byte {at}, bit {bit}");
            }
        }
    }

    [Fact]
    public void A_compression_bomb_is_stopped_at_the_limit()
    {
        var bomb = Compress(new byte[64 * 1024 * 1024], CompressionLevel.SmallestSize);
        Assert.InRange(bomb.Length, 1, 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Gzip.Inflate(bomb, MaxBytes, out var problem));
        Assert.Equal("it holds more than 1048576 bytes", problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 4 * MaxBytes);
        Assert.Equal(MaxBytes, Gzip.Inflate(Compress(new byte[MaxBytes], CompressionLevel.SmallestSize), MaxBytes, out _)!.Length);
    }

    [Theory]
    [InlineData("1f8b08080000000002ff612e6c6f67004bcb2c2a2e010057ee719205000000", "first")]
    [InlineData("1f8b080000000000000307", "it is not gzip")]
    [InlineData("1f8b082000000000000303000000000000000000", "it is not gzip")]
    [InlineData("1f8b0800000000000003070000000000000000000000", "it is truncated or damaged")]
    public void A_header_may_have_a_name_and_a_block_must_have_a_known_type(string hex, string expected)
    {
        var inflated = Gzip.Inflate(Convert.FromHexString(hex), MaxBytes, out var problem);
        Assert.Equal(expected, inflated is null ? problem : Encoding.UTF8.GetString(inflated));
    }

    [Fact]
    public void Members_are_joined_and_share_one_limit()
    {
        var (first, second) = (Encoding.UTF8.GetBytes("first of two, "), Encoding.UTF8.GetBytes("second, second, second"));
        byte[] both = [.. Compress(first), .. Compress([]), .. Compress(second)];
        Assert.Equal([.. first, .. second], Gzip.Inflate(both, MaxBytes, out _)!);
        Assert.Equal([.. first, .. second], Gzip.Inflate(both, first.Length + second.Length, out _)!);
        Assert.Null(Gzip.Inflate(both, first.Length + second.Length - 1, out var problem));
        Assert.Equal($"it holds more than {first.Length + second.Length - 1} bytes", problem);
        Assert.Null(Gzip.Inflate([.. both, 0], MaxBytes, out problem));
        Assert.Equal("it is followed by data that is not gzip", problem);
        both[^1] ^= 1;
        Assert.Null(Gzip.Inflate(both, MaxBytes, out problem));
        Assert.Equal("its checksum does not match its data", problem);
    }

    [Fact]
    public void A_member_cannot_refer_to_the_one_before_it()
    {
        // A block with fixed codes: copy 3 bytes from 1 byte back, then the end.
        var member = Compress(Encoding.UTF8.GetBytes("abc"));
        byte[] header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        Assert.Null(Gzip.Inflate([.. member, .. header, 0x03, 0x02, 0x00, 0, 0, 0, 0, 3, 0, 0, 0], MaxBytes, out var problem));
        Assert.Equal("it is truncated or damaged", problem);
    }

    [Fact]
    public void Thousands_of_members_take_no_more_memory_than_one()
    {
        var many = Enumerable.Repeat(Compress([1]), 5_000).SelectMany(member => member).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(5_000, Gzip.Inflate(many, 16 * MaxBytes, out _)!.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 5_000, 16L * MaxBytes);
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
