using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>What decides beside the pattern whether EventBridge delivers an event to a rule.</summary>
internal static class RuleDelivery
{
    private static readonly string[] s_reads = ["Describe", "Get", "List"];

    /// <summary>
    /// Whether this is a call that only reads, which a rule in the state ENABLED does not get. It may get one of another name
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html).
    /// </summary>
    public static bool IsRead(JsonElement json)
    {
        var detail = json.Get("detail"u8);
        return json.Text("detail-type"u8)?.EndsWith(" via CloudTrail", StringComparison.Ordinal) == true
            && detail.Get("readOnly"u8).ValueKind == JsonValueKind.True
            && detail.Get("managementEvent"u8).ValueKind == JsonValueKind.True
            && detail.Text("eventName"u8) is { } call
            && Array.Exists(s_reads, name => call.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>Whether this is what the schedule of a rule sends: it names the rule.</summary>
    /// <param name="arn">The rule's; empty for a rule without a schedule.</param>
    public static bool IsScheduled(JsonElement json, string arn) =>
        arn.Length > 0
        && json.Get("source"u8).IsText("aws.events"u8)
        && json.Get("detail-type"u8).IsText("Scheduled Event"u8)
        && json.Get("resources"u8) is { ValueKind: JsonValueKind.Array } resources
        && resources.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(arn));
}
