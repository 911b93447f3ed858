using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Aws.Config;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Routing;

namespace FastTrigger.Dispatch.Callbacks;

/// <summary>
/// Reports to AWS Config what its rule found. A resource that a route takes is what the route's `compliance` says, else NON_COMPLIANT: the
/// route's pattern is the rule's. One that no route takes is COMPLIANT, and one that is gone or left the rule's scope NOT_APPLICABLE.
/// </summary>
internal sealed class ConfigCallback : CallbackSender
{
    public override CallbackKind Kind => CallbackKind.Config;

    public override IReadOnlyList<ActionCall> Calls { get; } =
    [
        new(ConfigClient.Operations.PutEvaluations, "reports the result of a rule of AWS Config, with `from` config")
        {
            Statement = "Evaluate",
        },
    ];

    public override string? Deliver(in CallbackNotice notice, ActionContext context)
    {
        var request = notice.Request;
        var found = request.Get("invokingEvent"u8);
        var whole = found.Get("configurationItem"u8);
        var resource = whole.ValueKind == JsonValueKind.Object ? whole : found.Get("configurationItemSummary"u8);
        var time = resource.Text("configurationItemCaptureTime"u8) ?? found.Text("notificationCreationTime"u8);
        var status = resource.Text("configurationItemStatus"u8);
        var isGone = request.Get("eventLeftScope"u8).ValueKind == JsonValueKind.True
            || status is "ResourceDeleted" or "ResourceDeletedNotRecorded";
        var compliance = isGone ? Compliance.NotApplicable
            : notice.Outcome == ItemOutcome.Unmatched ? Compliance.Compliant
            : notice.Compliance ?? Compliance.NonCompliant;
        var evaluation = new Evaluation(
            // A periodic rule looks at no resource: what it finds holds for the account.
            resource.Text("resourceType"u8) ?? "AWS::::Account",
            resource.Text("resourceId"u8) ?? request.Text("accountId"u8)!,
            compliance,
            Truncate(notice.Reason, ConfigClient.LongestAnnotation),
            time is not null && UtcTime.TryParseIso(time, out var ms) ? ms : context.Settings.Clock.UnixMs);
        var client = new ConfigClient(context.Aws, context.Settings.Region);
        var failure = client.PutEvaluations(evaluation, request.Text("resultToken"u8)!, context.Deadline);
        return failure is null ? null : $"PutEvaluations: {failure.Reason}";
    }
}
