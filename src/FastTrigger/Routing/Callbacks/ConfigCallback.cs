using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Aws.Config;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Routing.Callbacks;

/// <summary>
/// Tells AWS Config what its rule found. A resource that a route takes is what the route's `compliance` says, else NON_COMPLIANT: the route's pattern is the rule's. One that no route
/// takes is COMPLIANT, and one that is gone or left the rule's scope NOT_APPLICABLE.
/// </summary>
internal static class ConfigCallback
{
    public const string NonCompliant = "NON_COMPLIANT", Compliant = "COMPLIANT", NotApplicable = "NOT_APPLICABLE", InsufficientData = "INSUFFICIENT_DATA";

    public static string? Deliver(Item item, string reason, string? compliance, ActionContext context)
    {
        var found = item.Event.Get("invokingEvent"u8);
        var resource = found.Get("configurationItem"u8) is { ValueKind: JsonValueKind.Object } whole ? whole : found.Get("configurationItemSummary"u8);
        var time = resource.Text("configurationItemCaptureTime"u8) ?? found.Text("notificationCreationTime"u8);
        // A periodic rule looks at no resource: what it says holds for the account.
        var type = resource.Text("resourceType"u8) ?? "AWS::::Account";
        var id = resource.Text("resourceId"u8) ?? item.Event.Text("accountId"u8)!;
        var isGone = item.Event.Get("eventLeftScope"u8).ValueKind == JsonValueKind.True || resource.Text("configurationItemStatus"u8) is "ResourceDeleted" or "ResourceDeletedNotRecorded";
        var evaluation = new Evaluation(
            type,
            id,
            isGone ? NotApplicable : item.End.Outcome == ItemOutcome.Unmatched ? Compliant : compliance ?? NonCompliant,
            CallbackSender.AtMost(reason, ConfigClient.LongestAnnotation),
            time is not null && UtcTime.TryParseIso(time, out var ms) ? ms : context.Settings.Clock.UnixMs);
        var failure = new ConfigClient(context.Aws, context.Settings.Region).PutEvaluations(evaluation, item.Event.Text("resultToken"u8)!, context.Deadline);
        return failure is null ? null : $"PutEvaluations: {failure.Reason}";
    }
}
