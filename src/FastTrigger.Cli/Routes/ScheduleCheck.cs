using FastTrigger.Json;
using NodaTime;

namespace FastTrigger.Cli.Routes;

/// <summary>What EventBridge Scheduler would refuse of a schedule.</summary>
internal static class ScheduleCheck
{
    private const int MaxLength = 256;

    /// <summary>Adds the problems of all routes, also in a file that has others.</summary>
    public static void Find(JsonNode root, JsonProblems problems)
    {
        foreach (var route in root.Find("routes")?.Items.ToArray() ?? [])
        {
            if (route.Find("schedule") is { IsString: true, Text.Length: > MaxLength } longer)
            {
                problems.Add(longer, $"a schedule has at most {MaxLength} characters");
            }

            if (route.Find("schedule") is { IsString: true } schedule && CronExpression.Refuse(schedule.Text) is { } problem)
            {
                problems.Add(schedule, problem);
            }

            var zones = DateTimeZoneProviders.Tzdb.Ids;
            if (route.Find("timezone") is { IsString: true, Text.Length: > 0 } zone && !zones.Contains(zone.Text))
            {
                var hint = NearName.Hint(zone.Text, zones, "it has names such as Europe/Berlin, America/New_York and UTC");
                problems.Add(zone, $"'{zone.Text}' is no time zone of the IANA database; {hint}");
            }
        }
    }
}
