using System.Globalization;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.Routes;

/// <summary>
/// The fields of cron(...) as EventBridge Scheduler takes them
/// (docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based).
/// </summary>
internal static partial class CronExpression
{
    private static readonly string[] s_months =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private static readonly string[] s_days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly Field[] s_fields =
    [
        new("minutes", 0, 59, []),
        new("hours", 0, 23, []),
        new("day of month", 1, 31, []),
        new("month", 1, 12, s_months),
        new("day of week", 1, 7, s_days),
        new("year", 1970, 2199, []),
    ];

    /// <summary>
    /// Null when each field is in its range, else what would be right. Also null when it is no cron() of six fields, which is another
    /// problem.
    /// </summary>
    public static string? Refuse(string schedule)
    {
        var isCron = schedule.StartsWith("cron(", StringComparison.Ordinal) && schedule.EndsWith(')');
        var fields = isCron ? schedule[5..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        if (fields.Length != s_fields.Length)
        {
            return null;
        }

        for (var i = 0; i < s_fields.Length; i++)
        {
            if (!IsField(fields[i], s_fields[i]))
            {
                return $"'{fields[i]}' is no {s_fields[i].Name} of cron(); it takes {s_fields[i].Form}";
            }
        }

        return null;
    }

    private static bool IsField(string text, Field field) => field.Name switch
    {
        "day of month" when text is "?" or "L" or "LW" => true,
        "day of month" when NearestWeekday().IsMatch(text) => IsValue(text[..^1], field),
        "day of week" when text is "?" or "L" => true,
        "day of week" when LastOrNth().Match(text) is { Success: true } match => IsValue(match.Groups[1].Value, field),
        _ => text.Split(',').All(part => IsPart(part, field)),
    };

    /// <summary>*, 5, 1-5, and any of them with /15.</summary>
    private static bool IsPart(string text, Field field)
    {
        var step = text.Split('/');
        var range = step[0].Split('-');
        var isStep = step.Length == 1 || (step.Length == 2 && TryParse(step[1], out var every) && every > 0 && every <= field.Max);
        return isStep
            && (step[0] == "*"
                || (range.Length == 1 && IsValue(range[0], field))
                || (range.Length == 2 && IsValue(range[0], field) && IsValue(range[1], field) && IsInOrder(range, field)));
    }

    /// <summary>Ranges of names, as in FRI-MON, may go over the end of the week.</summary>
    private static bool IsInOrder(string[] range, Field field) =>
        field.Names.Count > 0 || (TryParse(range[0], out var from) && TryParse(range[1], out var to) && from <= to);

    private static bool IsValue(string text, Field field) =>
        (TryParse(text, out var number) && number >= field.Min && number <= field.Max)
        || field.Names.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(@"^\d+W$")]
    private static partial Regex NearestWeekday();

    [GeneratedRegex("^([0-9A-Za-z]+?)(?:L|#[1-5])$")]
    private static partial Regex LastOrNth();

    private sealed record Field(string Name, int Min, int Max, IReadOnlyList<string> Names)
    {
        public string Form => string.Create(
            CultureInfo.InvariantCulture,
            $"{Min} to {Max}{(Names.Count > 0 ? $" or {Names[0]} to {Names[^1]}" : "")}, *, lists as {Sample(1)}, ranges as {Sample(2)}")
            + Name switch
            {
                "minutes" or "hours" => ", steps as 0/15",
                "day of month" => ", ?, L for the last day and 15W for the nearest weekday",
                "day of week" => ", ?, 6L for the last Friday and 2#1 for the first Monday",
                _ => "",
            };

        private string Sample(int kind)
        {
            var (first, second) = Names.Count > 0 ? (Names[1], Names[5]) : ($"{Min + 1}", $"{Min + 5}");
            return kind == 1 ? $"{first},{second}" : $"{first}-{second}";
        }
    }
}
