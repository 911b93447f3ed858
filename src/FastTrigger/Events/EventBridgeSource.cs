using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// An EventBridge event (docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html): CloudTrail API calls, state changes,
/// scheduled rules, CloudWatch alarms, findings of Security Hub and GuardDuty, AWS Health and custom sources alike. EventBridge delivers at
/// least once, and `id` stays the same. In an envelope that anybody may have written only those of custom sources count (C2.2).
/// </summary>
internal sealed class EventBridgeSource : EventSource
{
    public override string Name => "eventbridge";

    public override string IdText => "the event's id";

    public override IReadOnlyList<CallbackKind> Callbacks => [CallbackKind.Lifecycle];

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("eventbridge", "An event of EventBridge, with a custom source"),
        new("eventbridge-run-instances", "A call of EC2's RunInstances, recorded by CloudTrail"),
        new("eventbridge-create-volume", "A call of EC2's CreateVolume, recorded by CloudTrail"),
        new("eventbridge-ec2-state", "A change of the state of an EC2 instance"),
        new("eventbridge-alarm", "A change of the state of a CloudWatch alarm"),
        new("eventbridge-scheduled", "A scheduled rule of EventBridge"),
        new("eventbridge-lifecycle", "A lifecycle hook of an Auto Scaling group, for CompleteLifecycleAction"),
        new("eventbridge-spot", "The warning that a Spot Instance will be interrupted"),
        new("eventbridge-s3", "A new object in a bucket, by EventBridge"),
        new("eventbridge-health", "An event of AWS Health"),
        new("eventbridge-guardduty", "A finding of Amazon GuardDuty"),
        new("eventbridge-securityhub", "A finding of AWS Security Hub"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (content.Text("id"u8) is not { } id || !content.Get("source"u8).IsText() || !content.Get("detail-type"u8).IsText()
            || content.Get("detail"u8).IsMissing() || (!outer.IsTrusted && IsOfAws(content)))
        {
            return false;
        }

        items.Add(new(outer, Name, ItemId.Lasting(id), content)
        {
            HasEventBridgeFields = true,
            Callback = LifecycleNotice.OfEvent(content),
        });
        return true;
    }

    private static bool IsOfAws(JsonElement content) => content.Text("source"u8)!.StartsWith("aws.", StringComparison.OrdinalIgnoreCase);
}
