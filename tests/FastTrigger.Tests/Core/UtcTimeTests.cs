using System.Globalization;
using System.Text.RegularExpressions;
using FastTrigger.Core;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Core;

public sealed partial class UtcTimeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1_795_186_805_123)]
    [InlineData(951_782_400_000)]
    public void Times_are_written_as_the_framework_writes_them(long ms)
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
    [InlineData("2026-11-20T14:32:05Z")]
    [InlineData("2026-11-20T14:32:05.1Z")]
    [InlineData("2026-11-20T14:32:05.123456789Z")]
    public void A_fraction_has_one_to_nine_digits_or_is_missing(string text)
    {
        Assert.True(UtcTime.TryParseIso(text, out var parsed));
        Assert.Equal(1_795_185_125_000, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-20")]
    [InlineData("2026-02-30T00:00:00Z")]
    [InlineData("2026-11-20T25:00:00Z")]
    [InlineData("2026-11-20T-1:00:00Z")]
    [InlineData("2026-11-20T+1:00:00Z")]
    [InlineData("2026-11-20T00:00:-1Z")]
    [InlineData("2026-11-20T00:00:61Z")]
    [InlineData("2026--1-20T00:00:00Z")]
    [InlineData("+026-11-20T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("2026-11-20T00:00:00")]
    [InlineData("2026-11-20T00:00:00.123")]
    [InlineData("2026-11-20T00:00:00.Z")]
    [InlineData("2026-11-20T00:00:00.-1Z")]
    [InlineData("2026-11-20T00:00:00.1x3Z")]
    [InlineData("2026-11-20T00:00:00.1234567890Z")]
    [InlineData("2026-11-20T00:00:00,123Z")]
    [InlineData("2026-11-20T00:00:00z")]
    [InlineData("2026-11-20t00:00:00Z")]
    [InlineData("2026-11-20T00:00:00+01:00")]
    [InlineData(" 2026-11-20T00:00:00Z")]
    [InlineData("202é-11-20T00:00:00Z")]
    [InlineData("202\uff16-11-20T00:00:00Z")]
    public void Text_that_is_not_a_time_is_rejected(string text) => Assert.False(UtcTime.TryParseIso(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("Fri, 20 Nov 2026 14:32:05 UTC")]
    [InlineData("Fry, 20 Nov 2026 14:32:05 GMT")]
    [InlineData("fri, 20 Nov 2026 14:32:05 GMT")]
    [InlineData("Sat, 20 Nov 2026 14:32:05 GMT")]
    [InlineData("Fri; 20 Nov 2026 14:32:05 GMT")]
    [InlineData("Fri,_20 Nov 2026 14:32:05 GMT")]
    [InlineData("Fri, +2 Nov 2026 14:32:05 GMT")]
    [InlineData("Fri, 20-Nov-2026 14:32:05 GMT")]
    [InlineData("Fri, 20 nov 2026 14:32:05 GMT")]
    [InlineData("Fri, 20 ovD 2026 14:32:05 GMT")]
    [InlineData("Fri, 20 Nov +026 14:32:05 GMT")]
    [InlineData("Fri, 20 Nov 2026T14:32:05 GMT")]
    [InlineData("Fri, 20 Nov 2026 -1:32:05 GMT")]
    [InlineData("Fri, 20 Nov 2026 14.32:05 GMT")]
    [InlineData("Fri, 20 Nov 2026 14:32.05 GMT")]
    [InlineData("Fri, 20 Nov 2026 14:32:-5 GMT")]
    [InlineData("Friday, 20-Nov-26 14:32:05 GMT")]
    [InlineData("Fri Nov 20 14:32:05 2026")]
    public void Text_that_is_not_an_HTTP_date_is_rejected(string text) =>
        Assert.False(UtcTime.TryParseHttp(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_changed_ISO_time_is_read_if_and_only_if_the_framework_reads_it() =>
        Prop.ForAll(Changed(time => new ByteBuffer().AppendIso(time.ToUnixTimeMilliseconds()).ToString()), text =>
            UtcTime.TryParseIso(text, out var ms) == (IsoForm().IsMatch(text) && IsTime(text[..19], "yyyy-MM-dd'T'HH:mm:ss", ms)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void A_changed_HTTP_date_is_read_if_and_only_if_the_framework_reads_it() =>
        Prop.ForAll(Changed(time => time.ToString("r")), text =>
            UtcTime.TryParseHttp(Encoding.UTF8.GetBytes(text), out var ms)
                == (HttpForm().IsMatch(text) && IsTime(text, "ddd, dd MMM yyyy HH:mm:ss 'GMT'", ms)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z\z")]
    private static partial Regex IsoForm();

    [GeneratedRegex(@"\A[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT\z")]
    private static partial Regex HttpForm();

    /// <summary>
    /// Whether the framework reads the same time, from 1970 on. The framework rejects a leap second, which counts as second 59 here.
    /// </summary>
    private static bool IsTime(string text, string format, long ms)
    {
        var withoutLeapSecond = text.Contains(":60", StringComparison.Ordinal) ? LeapSecond().Replace(text, ":59$1") : text;
        return DateTime.TryParseExact(withoutLeapSecond, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year >= 1970
            && (time - DateTime.UnixEpoch).Ticks == ms * TimeSpan.TicksPerMillisecond;
    }

    [GeneratedRegex(@"(?<=:[0-9]{2}):60( GMT)?\z")]
    private static partial Regex LeapSecond();

    /// <summary>A written date in which up to three characters are replaced, inserted or removed.</summary>
    private static Arbitrary<string> Changed(Func<DateTimeOffset, string> write)
    {
        var letters = Gen.Elements("0123456789012345678960+-:., TZGMTJanFebSu\0\n\u00e9\uff11\ud800".ToCharArray());
        var edits = Gen.Choose(0, 3).SelectMany(count => Gen.Choose(0, 3).Zip(Gen.Choose(0, 40)).Zip(letters).ArrayOf(count));
        var dates = Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 999))
            .Select(parts => write(DateTimeOffset.FromUnixTimeMilliseconds((parts.Item1 * 1000L) + parts.Item2)));
        return dates.Zip(edits).Select(pair => pair.Item2.Aggregate(pair.Item1, Edit)).ToArbitrary();

        static string Edit(string text, ((int Kind, int Place) Where, char Letter) edit)
        {
            var at = edit.Where.Place % (text.Length + 1);
            return edit.Where.Kind switch
            {
                0 => text.Insert(at, edit.Letter.ToString()),
                1 => at < text.Length ? text.Remove(at, 1) : text,
                _ => at < text.Length ? string.Concat(text.AsSpan(0, at), [edit.Letter], text.AsSpan(at + 1)) : text,
            };
        }
    }
}
