using System.Buffers.Text;
using System.Text;

namespace FastTrigger.Core;

/// <summary>Dates as the wire wants them, written digit by digit: no culture, no format strings.</summary>
internal static class UtcTime
{
    /// <summary>2026-11-20T14:32:05.123Z</summary>
    public static ByteBuffer AppendIso(this ByteBuffer buffer, long unixMs)
    {
        var time = At(unixMs);
        Digits(buffer, time.Year, 4).Append((byte)'-');
        Digits(buffer, time.Month, 2).Append((byte)'-');
        Digits(buffer, time.Day, 2).Append((byte)'T');
        Digits(buffer, time.Hour, 2).Append((byte)':');
        Digits(buffer, time.Minute, 2).Append((byte)':');
        Digits(buffer, time.Second, 2).Append((byte)'.');
        return Digits(buffer, time.Millisecond, 3).Append((byte)'Z');
    }

    /// <summary>20261120T143205Z, whose first eight bytes are the date.</summary>
    public static ByteBuffer AppendBasic(this ByteBuffer buffer, long unixMs)
    {
        var time = At(unixMs);
        Digits(buffer, time.Year, 4);
        Digits(buffer, time.Month, 2);
        Digits(buffer, time.Day, 2).Append((byte)'T');
        Digits(buffer, time.Hour, 2);
        Digits(buffer, time.Minute, 2);
        return Digits(buffer, time.Second, 2).Append((byte)'Z');
    }

    /// <summary>Reads "2026-11-20T14:32:05[.fff]Z" as CloudTrail and EventBridge write it.</summary>
    public static bool TryParseIso(ReadOnlySpan<char> text, out long unixMs)
    {
        unixMs = 0;
        if (text.Length < 20 || text[^1] != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || (text.Length > 20 && text[19] != '.'))
        {
            return false;
        }

        return Number(text[..4], out var year) && Number(text[5..7], out var month) && Number(text[8..10], out var day)
            && Number(text[11..13], out var hour) && Number(text[14..16], out var minute) && Number(text[17..19], out var second)
            && Make(year, month, day, hour, minute, second, out unixMs);
    }

    /// <summary>Reads an HTTP date, "Fri, 20 Nov 2026 14:32:05 GMT" (RFC 9110, 5.6.7).</summary>
    public static bool TryParseHttp(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (text.Length != 29 || !text.EndsWith(" GMT"u8))
        {
            return false;
        }

        var month = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.IndexOf(text[8..11]);
        return month >= 0 && Number(text[12..16], out var year) && Number(text[5..7], out var day) && Number(text[17..19], out var hour)
            && Number(text[20..22], out var minute) && Number(text[23..25], out var second)
            && Make(year, (month / 3) + 1, day, hour, minute, second, out unixMs);
    }

    private static DateTime At(long unixMs) => DateTime.UnixEpoch.AddTicks(unixMs * TimeSpan.TicksPerMillisecond);

    private static bool Make(int year, int month, int day, int hour, int minute, int second, out long unixMs)
    {
        unixMs = 0;
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var time = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc);
        unixMs = (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        return true;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value) => Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length;

    private static bool Number(ReadOnlySpan<char> digits, out int value)
    {
        Span<byte> ascii = stackalloc byte[8];
        value = 0;
        return Ascii.FromUtf16(digits, ascii, out var written) == System.Buffers.OperationStatus.Done && Number(ascii[..written], out value);
    }

    private static ByteBuffer Digits(ByteBuffer buffer, int value, int count)
    {
        var digits = buffer.GetSpan(count);
        for (var i = count - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        buffer.Advance(count);
        return buffer;
    }
}
