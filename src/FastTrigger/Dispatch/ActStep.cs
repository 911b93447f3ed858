using FastTrigger.Core;
using FastTrigger.Dispatch.Callbacks;
using FastTrigger.Routing;

namespace FastTrigger.Dispatch;

/// <summary>Carries out what the routes of an item say: each route for itself, its actions in their order (C1.4).</summary>
internal sealed class ActStep(ContextFactory contexts) : ItemStep("acting on")
{
    private const int FirstPauseMs = 500, MaxPauseMs = 10_000;

    protected override void Do(DeliveryWork work, ItemResult item)
    {
        item.IsStarted = true;
        if (item.Error is not null)
        {
            return;
        }

        // A fault in the item before may have left a subsegment open.
        contexts.Trace?.Clear();
        foreach (var route in item.Routes)
        {
            contexts.Trace?.Begin();
            Run(work, item, route);
            contexts.Trace?.End(route.Route.Name, null, route.Actions is [.., var (_, last)] ? last.OutcomeName : "done", null);
            foreach (var (_, result) in route.Actions)
            {
                work.MustExit |= result.CredentialsExpired;
            }
        }
    }

    private void Run(DeliveryWork work, ItemResult item, RouteResult route)
    {
        if (route.IsBatched)
        {
            route.Replace(LimitRetries(route.Route, item.Item, route.Actions[0].Result));
            var (action, result) = (route.Actions[0].Action, route.Actions[0].Result);
            contexts.Trace?.Begin();
            contexts.LogAction(work, item.Item, route.Route, action, result, contexts.Shared.Settings.Clock.MonotonicMs);
            return;
        }

        var deadline = DeadlineOf(work, item.Item, route.Route);
        for (var index = 0; index < route.Route.Actions.Count; index++)
        {
            var startedMs = contexts.Shared.Settings.Clock.MonotonicMs;
            contexts.Trace?.Begin();
            var result = LimitRetries(route.Route, item.Item, Run(work, item.Item, route, index, deadline));
            route.Add(route.Route.Actions[index].Name, result);
            contexts.LogAction(work, item.Item, route.Route, route.Route.Actions[index].Name, result, startedMs);
            if (result.Outcome is Outcome.Failed or Outcome.Retry)
            {
                return;
            }
        }
    }

    private ActionResult Run(DeliveryWork work, Item item, RouteResult route, int index, Deadline deadline)
    {
        var action = route.Route.Actions[index];
        var result = Once();
        for (var pause = FirstPauseMs; MayTryNow(item, result, deadline, pause); pause = Math.Min(pause * 2, MaxPauseMs))
        {
            Thread.Sleep(pause);
            route.Prepared = null;
            result = Once();
        }

        return result;

        ActionResult Once() => deadline.HasPassed ? ActionResult.Retry("no time was left to start it") with { TimeIsUp = true }
            : route.Prepared?.Alone() ?? action.Run(contexts.For(work, item, route.Route, index, deadline, action.Operations));
    }

    /// <summary>
    /// A stack or a pipeline waits for one answer: what may be done another time is tried again while there is time (C3.4).
    /// </summary>
    private static bool MayTryNow(Item item, ActionResult result, Deadline deadline, int pause) =>
        result is { Outcome: Outcome.Retry, TimeIsUp: false, CredentialsExpired: false }
        && item.Callback is { IsFinal: true } callback && !CloudFormationCallback.IsRollback(callback) && deadline.RemainingMs > pause;

    /// <summary>An action stops early enough that there is time for the callback.</summary>
    private static Deadline DeadlineOf(DeliveryWork work, Item item, Route route)
    {
        var isAwaited = item.Callback is { } callback && (callback.Kind != Events.CallbackKind.Lifecycle || route.Lifecycle is not null);
        return isAwaited ? work.End.Earlier(Math.Min(CallbackSender.ReservedMs, work.End.RemainingMs / 2)) : work.End;
    }

    /// <summary>An event that was tried for as long as its route says is a failure, not one more retry (C5.6).</summary>
    private ActionResult LimitRetries(Route route, Item item, ActionResult result)
    {
        if (result.Outcome != Outcome.Retry || route.RetryForMs is not { } limit || item.TimeMs is not { } time
            || contexts.Shared.NowMs - time <= limit)
        {
            return result;
        }

        return result.Failing($"{result.Detail}; not done within {limit / 60_000} minutes, which is what 'retryFor' says");
    }
}
