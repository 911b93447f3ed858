using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Dispatch.Callbacks;
using FastTrigger.Events;
using FastTrigger.Routing;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>Makes the callback with the outcome of an item (C3.4), and decides whether the item must be delivered again.</summary>
internal sealed class SettleStep(ContextFactory contexts) : ItemStep("settling")
{
    private const int MaxShownName = 200;

    protected override void Do(DeliveryWork work, ItemResult item)
    {
        if (item.Error is null)
        {
            foreach (var route in item.Routes)
            {
                if (route.Route.Lifecycle is { } setting)
                {
                    CompleteHook(work, item.Item, route, setting);
                }
            }

            Conclude(work, item);
        }

        if (item.Item.Callback is { Kind: not CallbackKind.Lifecycle } callback)
        {
            Call(work, item, callback);
        }
    }

    private void CompleteHook(DeliveryWork work, Item item, RouteResult route, LifecycleSetting setting)
    {
        var context = contexts.For(work, item, route.Route, route.Route.Actions.Count, work.End, Operations(CallbackKind.Lifecycle));
        var startedMs = context.Settings.Clock.MonotonicMs;
        if (LifecycleCallback.Complete(setting, item, route.Outcome, context) is not { } completed)
        {
            return;
        }

        // The outcome of a completed hook is final. A hook that could not be completed is tried at the next delivery.
        route.IsSettled = completed.Outcome is Outcome.Done or Outcome.Skipped;
        route.Add("lifecycle", completed);
        contexts.LogAction(work, item, route.Route, "lifecycle", completed, startedMs);
    }

    /// <summary>The outcome of the item, and the error that it makes of the invocation when nobody else waits for it.</summary>
    private void Conclude(DeliveryWork work, ItemResult item)
    {
        if (item.Item.Unplayable is { } reason)
        {
            item.Outcome = ItemOutcome.Failed;
            item.Error = new("Function.Unplayable", reason);
        }
        else if (item.Routes.Count > 0)
        {
            (item.Outcome, item.Given) = Outcomes.Of(item.Routes);
            item.Error = Outcomes.ErrorOf(item.Routes);
            if (item.Error is null && work.Delivery.Source.LetsIn && IsDryRun(item))
            {
                item.Outcome = ItemOutcome.Forbidden;
                item.Error = new("Function.Refused", "a dry run lets nobody in");
            }
        }
        else if (item.Refusal.Outcome != ItemOutcome.Done)
        {
            item.Outcome = item.Refusal.Outcome;
            item.Error = new("Function.Refused", item.Refusal.Reason);
        }
        else
        {
            item.Outcome = ItemOutcome.Unmatched;
            item.Error = ErrorOfUnmatched(work, item);
        }
    }

    private Runtime.RuntimeError? ErrorOfUnmatched(DeliveryWork work, ItemResult item)
    {
        if (!item.IsRouteKnown)
        {
            var name = item.Item.RouteName!;
            var shown = name.Length <= MaxShownName ? name : name[..MaxShownName];
            return new("Function.UnknownRoute", $"the event was sent to the route '{shown}', which routes.json does not have");
        }

        // Somebody kept a played-back event because it mattered once: it does not end as a success that nobody looks at (C2.4).
        return contexts.Table.UnmatchedIsError || item.Item.IsPlayback || work.Delivery.Source.UnmatchedIsError
            ? new("Function.Unmatched", "no route takes the event")
            : null;
    }

    /// <summary>Once the caller knows, the invocation has done its work, whatever became of the action.</summary>
    private void Call(DeliveryWork work, ItemResult item, Callback callback)
    {
        var context = contexts.For(work, item.Item, null, 0, work.End, Operations(callback.Kind));
        if (IsDryRun(item))
        {
            item.Error = null;
            contexts.Log.Write(
                LogLevel.Info, work.Invocation.RequestId, "callback", ("source", item.Item.Source), ("outcome", "skipped"),
                ("detail", $"dry run: would report {item.Answer.Name}"));
            return;
        }

        string? compliance = null;
        foreach (var route in Outcomes.Real(item.Routes))
        {
            compliance ??= route.Route.Compliance;
        }

        var notice = new CallbackNotice(callback.Request, item.Outcome, item.Given, item.Error?.Message ?? "", compliance);
        var problem = CallbackSender.Of(callback.Kind).Deliver(notice, context);
        foreach (var route in item.Routes)
        {
            route.IsSettled |= problem is null;
        }

        item.Error = problem is null
            ? null
            : new("Function.CallbackFailed", $"{item.Item.Source} waits for an answer that could not be given. {problem}");
    }

    private static AwsOperation[] Operations(CallbackKind kind) => ActionCall.OperationsOf(CallbackSender.Of(kind).Calls);

    /// <summary>Whether nothing was done for it, but said what would be.</summary>
    private bool IsDryRun(ItemResult item) => item.Routes.Count == 0
        ? contexts.IsDryRun(item.Item, null)
        : item.Routes.TrueForAll(route => contexts.IsDryRun(item.Item, route.Route));
}
