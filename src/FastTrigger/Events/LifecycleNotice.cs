using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A lifecycle hook of an Auto Scaling group that waits
/// (docs.aws.amazon.com/autoscaling/ec2/userguide/prepare-for-lifecycle-notifications.html): Auto Scaling sends it to EventBridge, or
/// straight to a queue or topic as JSON of its own.
/// </summary>
internal static class LifecycleNotice
{
    /// <summary>The hook behind an event of EventBridge that counts as AWS's own; null when there is none.</summary>
    public static Callback? OfEvent(JsonElement content) =>
        content.Get("source"u8).IsText("aws.autoscaling"u8) ? OfNotice(content.Get("detail"u8)) : null;

    /// <summary>The hook behind a message or notification; null when there is none.</summary>
    public static Callback? OfNotice(JsonElement notice) =>
        notice.Get("LifecycleActionToken"u8).IsText()
            && notice.Get("LifecycleHookName"u8).IsText()
            && notice.Get("AutoScalingGroupName"u8).IsText()
            ? new(CallbackKind.Lifecycle, notice)
            : null;
}
