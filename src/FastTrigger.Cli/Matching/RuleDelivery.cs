using System.Text.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>What decides beside the pattern whether EventBridge delivers an event to a rule.</summary>
internal static class RuleDelivery
{
    private static readonly string[] s_reads = ["Describe", "Get", "List"];

    /// <summary>
    /// Whether this is a call that only reads, which a rule in the state ENABLED does not get. It may get one of another name
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html).
    /// </summary>
    public static bool IsRead(JsonElement json) =>
        Text(json, "detail-type").EndsWith(" via CloudTrail", StringComparison.Ordinal)
        && json.TryGetProperty("detail", out var detail)
        && IsTrue(detail, "readOnly")
        && IsTrue(detail, "managementEvent")
        && Array.Exists(s_reads, name => Text(detail, "eventName").StartsWith(name, StringComparison.Ordinal));

    /// <summary>Whether this is what the schedule of a rule sends: it names the rule.</summary>
    /// <param name="arn">The rule's; empty for a rule without a schedule.</param>
    public static bool IsScheduled(JsonElement json, string arn) =>
        arn.Length > 0
        && Text(json, "source") == "aws.events"
        && Text(json, "detail-type") == "Scheduled Event"
        && json.TryGetProperty("resources", out var resources)
        && resources.ValueKind == JsonValueKind.Array
        && resources.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(arn));

    private static string Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static bool IsTrue(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
