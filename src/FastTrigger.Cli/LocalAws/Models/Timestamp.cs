using System.Globalization;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>A point in time as seconds since 1970, as the JSON protocols have it.</summary>
internal static class Timestamp
{
    public static bool IsValid(double seconds) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>The seconds of a date such as 2026-11-20T14:32:01Z; null for any other text.</summary>
    public static double? Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds() / 1000.0
            : null;
}
