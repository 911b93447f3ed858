using System.Text.Json.Nodes;
using FastTrigger.Cli.Templates.Triggers;
using FastTrigger.Json;
using FastTrigger.Patterns;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Routes;

/// <summary>What AWS takes although it is hardly meant: the warnings of `fasttrigger check` that need the file as it is written.</summary>
internal static class SuspectRoute
{
    private const string Ec2 = "aws.ec2", AutoScaling = "aws.autoscaling";

    /// <summary>The events that name an instance which has just been launched or started.</summary>
    private static readonly Launch[] s_launches =
    [
        new(Ec2, "EC2 Instance State-change Notification", "state", ["pending", "running"]),
        new(Ec2, "AWS API Call via CloudTrail", "eventName", ["RunInstances", "StartInstances"]),
        new(AutoScaling, "EC2 Instance-launch Lifecycle Action", "LifecycleTransition", ["autoscaling:EC2_INSTANCE_LAUNCHING"]),
        new(AutoScaling, "EC2 Instance Launch Successful", "StatusCode", ["InProgress"]),
    ];

    public static IEnumerable<string> Find(Route route, JsonNode source)
    {
        var warnings = source["when"] is JsonObject when
            ? OfPattern(route, when).Concat(OfLaunch(route, when))
            : OfSchedule(route.Schedule);
        return warnings.Select(warning => $"route '{route.Name}': {warning}");
    }

    private static IEnumerable<string> OfPattern(Route route, JsonObject when)
    {
        if (route.From.Count == 0)
        {
            foreach (var name in when.Select(field => field.Key).Where(name => !RuleTrigger.EventFields.Contains(name.Split('.')[0])))
            {
                var hint = NearName.Hint(name, RuleTrigger.EventFields, "name the source of its events in \"from\"");
                yield return $"events of EventBridge have no '{name}', and without \"from\" the template makes no other trigger; {hint}";
            }
        }

        if (new RuleTrigger().IsNeededBy(new(route, new JsonObject { ["when"] = when.DeepClone() }, ""), "eventbridge")
            && RuleTrigger.QuotaWarning(when) is { } quota)
        {
            yield return quota;
        }

        foreach (var (field, name) in OperatorFields("", when))
        {
            yield return $"'{name}' is the name of a field of '{field}' here; an operator stands in a list: [{{\"{name}\": ...}}]";
        }
    }

    private static IEnumerable<string> OfLaunch(Route route, JsonObject when)
    {
        var isNamed = when.Any(field => field.Key is "source" or "detail-type");
        if (isNamed && route.RetryForMs is null && route.Actions.Any(action => action.NeedsNewInstance) && s_launches.Any(IsTaken))
        {
            yield return "it runs a command on an instance that its event names: the agent of one that was just launched is often later "
                + "than Lambda's retries, which end after three minutes. \"retryFor\": \"15m\" has the event delivered again for longer, "
                + "by a queue between the rule and the function";
        }

        bool IsTaken(Launch launch) =>
            MayHave(when["source"], launch.Source)
            && MayHave(when["detail-type"], launch.DetailType)
            && launch.Values.Any(value => MayHave((when["detail"] as JsonObject)?[launch.Field], value));
    }

    /// <summary>Whether a list of tests has this text, or an operator that may match it. Without a list anything does.</summary>
    private static bool MayHave(JsonNode? tests, string text) =>
        tests is not JsonArray list || list.Any(test => test is JsonObject || test?.ToString() == text);

    private static IEnumerable<(string Field, string Name)> OperatorFields(string field, JsonObject pattern)
    {
        foreach (var (name, value) in pattern)
        {
            if (field.Length > 0 && OperatorReader.Names.Contains(name) && value is JsonArray)
            {
                yield return (field, name);
            }

            foreach (var inner in value is JsonObject members ? OperatorFields(name, members) : [])
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<string> OfSchedule(string? schedule)
    {
        var fields = schedule?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (fields.Length == 6 && fields[4].Any(char.IsAsciiDigit) && !fields[4].Contains('#'))
        {
            yield return $"in '{fields[4]}' 1 is Sunday and 7 is Saturday; names such as MON-FRI leave no doubt";
        }
    }

    /// <param name="Field">The field of `detail` that tells a launch from other events.</param>
    private sealed record Launch(string Source, string DetailType, string Field, string[] Values);
}
