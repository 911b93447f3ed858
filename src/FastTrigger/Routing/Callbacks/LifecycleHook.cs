using FastTrigger.Actions;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Routing.Callbacks;

/// <summary>
/// `lifecycle`: what a hook of an Auto Scaling group is told when the route has ended (docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html). One that is to be tried again is not
/// told yet: the event comes again, and until then the instance waits, for as long as the hook's own timeout lets it.
/// </summary>
internal sealed record LifecycleHook(string Done, string Failed)
{
    private const string Continue = "CONTINUE", Abandon = "ABANDON";

    public static LifecycleHook Read(SettingReader settings) => new(settings.Choice("done", Continue, Abandon), settings.Choice("failed", Abandon, Continue));

    /// <summary>Whether a hook waits behind this event: in an envelope that is not trusted there is no such event.</summary>
    public static bool Waits(Item item) =>
        item.HasEnvelope && item.Event.Get("source"u8).IsText("aws.autoscaling"u8) && item.Event.Get("detail"u8, "LifecycleActionToken"u8).IsText();

    /// <summary>Tells it how the route ended. Null when there is nothing to tell.</summary>
    public ActionResult? Complete(Item item, Outcome outcome, ActionContext context)
    {
        if (outcome == Outcome.Retry || !Waits(item))
        {
            return null;
        }

        var result = outcome == Outcome.Failed ? Failed : Done;
        if (context.DryRun)
        {
            return ActionResult.Skipped($"dry run: would say {result}");
        }

        if (new AwsReach(null, null).Resolve(context, out var refused) is not { } scope)
        {
            return refused;
        }

        var detail = item.Event.Get("detail"u8);
        var client = new AutoScalingClient(context.Aws, scope.Region, scope.Credentials);
        var failure = client.CompleteLifecycleAction(detail.Text("AutoScalingGroupName"u8) ?? "", detail.Text("LifecycleHookName"u8) ?? "", detail.Text("LifecycleActionToken"u8)!, result, context.Deadline);
        if (failure is null)
        {
            return ActionResult.Done($"told {result}");
        }

        // An earlier delivery has told it, or it did not wait so long.
        return failure.Code == "ValidationError" && failure.Message.Contains("No active Lifecycle Action", StringComparison.OrdinalIgnoreCase)
            ? ActionResult.Skipped("the hook waits no longer")
            : failure.Result("CompleteLifecycleAction");
    }
}
