using FastTrigger.Core;

namespace FastTrigger.Tests.Core;

public sealed class UtcTimeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1_795_186_805_123)]
    [InlineData(951_782_400_000)]
    public void Dates_are_written_as_the_framework_writes_them(long ms)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        Assert.Equal(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null), new ByteBuffer().AppendIso(ms).ToString());
        Assert.Equal(time.ToString("yyyyMMdd'T'HHmmss'Z'", null), new ByteBuffer().AppendBasic(ms).ToString());
        Assert.True(UtcTime.TryParseHttp(Encoding.ASCII.GetBytes(time.ToString("r")), out var parsed));
        Assert.Equal(ms / 1000 * 1000, parsed);
        Assert.True(UtcTime.TryParseIso(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null), out parsed));
        Assert.Equal(ms / 1000 * 1000, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-20")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-11-20T25:00:00Z")]
    [InlineData("2026-11-20T00:00:00+01:00")]
    [InlineData("202é-11-20T00:00:00Z")]
    public void What_is_no_time_is_not_taken_for_one(string text) => Assert.False(UtcTime.TryParseIso(text, out _));
}
