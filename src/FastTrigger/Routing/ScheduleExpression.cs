using System.Globalization;

namespace FastTrigger.Routing;

/// <summary>
/// rate(5 minutes) and cron(0 6 * * ? *), as EventBridge Scheduler takes them
/// (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
/// </summary>
internal static class ScheduleExpression
{
    /// <summary>The seconds of a rate() that is right; null for a cron().</summary>
    public static long? RateSeconds(string text)
    {
        if (!text.StartsWith("rate(", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text[5..^1].Split(' ');
        var unit = parts[1][0] switch { 'm' => 60, 'h' => 3_600, _ => 86_400 };
        return long.Parse(parts[0], CultureInfo.InvariantCulture) * unit;
    }

    /// <summary>Null when it is right; else what would be.</summary>
    public static string? Refuse(string text)
    {
        if (text.StartsWith("rate(", StringComparison.Ordinal) && text.EndsWith(')'))
        {
            var parts = text[5..^1].Split(' ');
            return parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0
                && parts[1] is "minute" or "minutes" or "hour" or "hours" or "day" or "days"
                ? null
                : "rate() takes a number and minutes, hours or days: rate(5 minutes)";
        }

        if (text.StartsWith("cron(", StringComparison.Ordinal) && text.EndsWith(')'))
        {
            var fields = text[5..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length == 6 && (fields[2] == "?") != (fields[4] == "?")
                ? null
                : "cron() takes six fields - minutes, hours, day of month, month, day of week, year - "
                    + "with ? for one of the two days: cron(0 6 * * ? *)";
        }

        return "a schedule is rate(5 minutes) or cron(0 6 * * ? *)";
    }
}
