using System.Buffers;
using System.Text;

namespace FastTrigger.Core;

/// <summary>Times as AWS and HTTP write them, written and read digit by digit: no culture, no format strings.</summary>
internal static class UtcTime
{
    /// <summary>Lengths of the texts that are read: an ISO time without a fraction and with nine digits of one, and an HTTP date.</summary>
    private const int IsoLength = 20, MaxIsoLength = 30, HttpLength = 29;

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

    /// <summary>
    /// Reads "2026-11-20T14:32:05Z" as CloudTrail and EventBridge write it. A fraction of one to nine digits is allowed and dropped.
    /// </summary>
    public static bool TryParseIso(ReadOnlySpan<char> text, out long unixMs)
    {
        unixMs = 0;
        Span<byte> ascii = stackalloc byte[MaxIsoLength];
        if (text.Length is < IsoLength or > MaxIsoLength || Ascii.FromUtf16(text, ascii, out var length) != OperationStatus.Done)
        {
            return false;
        }

        ascii = ascii[..length];
        return HasForm(ascii[..19], "0000-00-00T00:00:00"u8)
            && IsFractionWithZone(ascii[19..])
            && TryMake(Number(ascii[..4]), Number(ascii[5..7]), Number(ascii[8..10]), ascii[11..19], out _, out unixMs);
    }

    /// <summary>Reads an HTTP date in its preferred form, "Fri, 20 Nov 2026 14:32:05 GMT" (RFC 9110, 5.6.7).</summary>
    public static bool TryParseHttp(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (text.Length != HttpLength || !HasForm(text[3..8], ", 00 "u8) || !HasForm(text[11..], " 0000 00:00:00 GMT"u8))
        {
            return false;
        }

        var month = NameIndex("JanFebMarAprMayJunJulAugSepOctNovDec"u8, text[8..11]) + 1;
        return TryMake(Number(text[12..16]), month, Number(text[5..7]), text[17..25], out var dayOfWeek, out unixMs)
            && NameIndex("SunMonTueWedThuFriSat"u8, text[..3]) == (int)dayOfWeek;
    }

    private static DateTime At(long unixMs) => DateTime.UnixEpoch.AddTicks(unixMs * TimeSpan.TicksPerMillisecond);

    /// <param name="clock">Digits of the form 00:00:00. A leap second counts as second 59.</param>
    private static bool TryMake(int year, int month, int day, ReadOnlySpan<byte> clock, out DayOfWeek dayOfWeek, out long unixMs)
    {
        var (hour, minute, second) = (Number(clock[..2]), Number(clock[3..5]), Number(clock[6..8]));
        dayOfWeek = default;
        unixMs = 0;
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var time = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc);
        dayOfWeek = time.DayOfWeek;
        unixMs = (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        return true;
    }

    /// <summary>Whether a text has this form, in which 0 stands for any digit and every other character for itself.</summary>
    private static bool HasForm(ReadOnlySpan<byte> text, ReadOnlySpan<byte> form)
    {
        if (text.Length != form.Length)
        {
            return false;
        }

        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] == '0' ? !char.IsAsciiDigit((char)text[i]) : text[i] != form[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether this is "Z", or a dot, one to nine digits and "Z".</summary>
    private static bool IsFractionWithZone(ReadOnlySpan<byte> text) =>
        text.Length == 1 ? text[0] == 'Z' : text.Length > 2 && text[^1] == 'Z' && HasForm(text[..^1], ".000000000"u8[..(text.Length - 1)]);

    /// <summary>The value of characters that are known to be digits: Utf8Parser would accept a sign.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 10) + (digit - '0');
        }

        return value;
    }

    /// <summary>The index of a name of three letters in a list of such names; -1 when it is not one of them.</summary>
    private static int NameIndex(ReadOnlySpan<byte> names, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < names.Length; i += 3)
        {
            if (names.Slice(i, 3).SequenceEqual(name))
            {
                return i / 3;
            }
        }

        return -1;
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
