using FastTrigger.Actions;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Routing;

namespace FastTrigger.Dispatch.Callbacks;

/// <summary>
/// Completes a lifecycle hook of an Auto Scaling group (docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html). While the
/// route is to be tried again the hook is not completed: the event is delivered again, and until then the instance waits, for as long as
/// the hook's own timeout lets it.
/// </summary>
internal sealed class LifecycleCallback : CallbackSender
{
    public override CallbackKind Kind => CallbackKind.Lifecycle;

    /// <summary>The call that completes the lifecycle action. The event says which group it is for.</summary>
    public override IReadOnlyList<ActionCall> Calls { get; } = [new CompleteCall { FollowsEvent = true }];

    /// <summary>Null when there is nothing to complete yet.</summary>
    public static ActionResult? Complete(LifecycleSetting setting, Item item, Outcome outcome, ActionContext context)
    {
        if (outcome == Outcome.Retry)
        {
            return null;
        }

        if (item.Callback is not { Kind: CallbackKind.Lifecycle } hook)
        {
            return ActionResult.Failed(
                "the event is of no lifecycle hook, or its queue or topic is not in 'trust', so there is none to complete");
        }

        var result = outcome == Outcome.Failed ? setting.Failed : setting.Done;
        if (context.DryRun)
        {
            return ActionResult.Skipped($"dry run: would complete the hook with {result}");
        }

        if (new AwsReach(null, null).Resolve(context, out var refused) is not { } scope)
        {
            return refused;
        }

        var client = new AutoScalingClient(context.Aws, scope.Region, scope.Credentials);
        var failure = client.CompleteLifecycleAction(
            hook.Request.Text("AutoScalingGroupName"u8)!,
            hook.Request.Text("LifecycleHookName"u8)!,
            hook.Request.Text("LifecycleActionToken"u8)!,
            result,
            context.Deadline);
        if (failure is null)
        {
            return ActionResult.Done($"completed with {result}");
        }

        // An earlier delivery has completed it, or it did not wait so long.
        return failure.Code == "ValidationError"
            && failure.Message.Contains("No active Lifecycle Action", StringComparison.OrdinalIgnoreCase)
            ? ActionResult.Skipped("the hook waits no longer")
            : failure.Result("CompleteLifecycleAction");
    }

    /// <summary>A hook is completed by each route that says `lifecycle`, and by no other.</summary>
    public override string? Deliver(in CallbackNotice notice, ActionContext context) => null;

    private sealed class CompleteCall()
        : ActionCall(AutoScalingClient.Operations.CompleteLifecycleAction, "completes the lifecycle action of the event, with `lifecycle`")
    {
        public override IReadOnlyList<CallPermission> Permissions =>
            [new("CompleteLifecycle", Purpose, [CallResource.Own("autoscaling", "autoScalingGroup:*:autoScalingGroupName/*")])];
    }
}
