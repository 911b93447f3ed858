using FastTrigger.Json;
using FastTrigger.Routing;
using NodaTime;

namespace FastTrigger.Cli.Routes;

/// <summary>What EventBridge Scheduler would refuse of a schedule.</summary>
internal static class ScheduleCheck
{
    /// <param name="timezone">The route's time zone; null for none.</param>
    public static IEnumerable<RouteProblem> Find(Route route, string? timezone)
    {
        if (route.Schedule is { } schedule && CronExpression.Refuse(schedule) is { } problem)
        {
            yield return new(route.Name, "schedule", problem);
        }

        var zones = DateTimeZoneProviders.Tzdb.Ids;
        if (timezone is not null && !zones.Contains(timezone))
        {
            var hint = NearName.Hint(timezone, zones, "it has names such as Europe/Berlin, America/New_York and UTC");
            yield return new(route.Name, "timezone", $"'{timezone}' is no time zone of the IANA database; {hint}");
        }
    }
}
