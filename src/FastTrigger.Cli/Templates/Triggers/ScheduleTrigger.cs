using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>A schedule of EventBridge Scheduler for each route with `schedule`.</summary>
internal sealed class ScheduleTrigger : SourceTrigger
{
    private const string ScheduleTemplate =
        "{\"fasttrigger-route\":\"ROUTE\",\"schedule\":\"<aws.scheduler.schedule-arn>\",\"time\":\"<aws.scheduler.scheduled-time>\"}";

    public override TriggerKind Kind => TriggerKind.Schedule;

    public override bool IsNeededBy(TemplateRoute route, string source) => route.Route.Schedule is not null || route.Takes(source);

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        foreach (var route in routes.Where(route => route.Route.Schedule is not null))
        {
            AddSchedule(route, parts);
        }

        // A route with a pattern takes the events of schedules that it does not define.
        if (routes.Any(route => route.Route.Schedule is null))
        {
            new CallerTrigger("name it as the target of the schedule, whose role may invoke it").Add(source, routes, parts);
        }
    }

    private static void AddSchedule(TemplateRoute route, TemplateParts parts)
    {
        var schedule = new JsonObject
        {
            // Else SAM gives it a name that two stacks of an account would share.
            ["OmitName"] = true,
            ["ScheduleExpression"] = route.Route.Schedule,
            ["FlexibleTimeWindow"] = Parse("""{"Mode": "OFF"}"""),
            ["Input"] = ScheduleTemplate.Replace("ROUTE", route.Name, StringComparison.Ordinal),
            ["RetryPolicy"] = Parse("""{"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600}"""),
            ["DeadLetterConfig"] = new JsonObject { ["Arn"] = Arn(TemplateQueues.DeadLetters) },
        };
        if (route.Source["timezone"] is { } timezone)
        {
            schedule["ScheduleExpressionTimezone"] = timezone.DeepClone();
        }

        parts.Events[route.Id] = new JsonObject
        {
            [TemplateYaml.Comment] = $"The schedule of route {route.Name}.",
            ["Type"] = "ScheduleV2",
            ["Properties"] = schedule,
        };
    }
}
