using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Routing.Auth;
using FastTrigger.Routing.Callbacks;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Routing;

/// <summary>The items of one invocation, on their way through the routes.</summary>
internal sealed class InvocationWork(RouteTable table, AwsClient aws, AwsShared shared, Log log, Action<Invocation, RuntimeError> abandon, Invocation invocation, RouteReport report)
{
    private const int LongestShown = 200;

    private Coalescer? _coalesced;

    /// <summary>When the work must have ended.</summary>
    public required Deadline End { get; init; }

    /// <summary>Not null in a rehearsal.</summary>
    public required string? StandIn { get; init; }

    /// <summary>Every record for itself (C3.3): one that is not done keeps no other from being done, but for those behind it in its message group.</summary>
    public InvocationResult RouteAll(IReadOnlyList<Item> items)
    {
        _coalesced = items.Count > 1 ? Coalescer.Run(items, table.Routes, (route, item) => Context(route, item, 0, End)) : null;
        var stopped = new List<string>(0);
        var before = new Dictionary<string, Item>(items.Count);
        InvocationResult? first = null;
        var exit = false;
        var isDone = true;
        foreach (var item in items)
        {
            // What was done together with others is told, however late it is.
            if (item.IsDecided || (!exit && !End.HasPassed && (item.Group is null || !stopped.Contains(item.Group))))
            {
                // The same event twice in one batch is one event; another one that only has its id is not.
                if (before.TryGetValue(item.Id, out var earlier) && earlier.IsSameAs(item))
                {
                    item.End = earlier.End;
                    item.IsDone = earlier.IsDone;
                }
                else
                {
                    var result = Route(item);
                    first = item.IsDone ? first : first ?? result;
                    exit |= result.Exit;
                    before.TryAdd(item.Id, item);
                }
            }

            isDone &= item.IsDone;
            if (!item.IsDone && item.Group is not null && !stopped.Contains(item.Group))
            {
                stopped.Add(item.Group);
            }
        }

        if (isDone)
        {
            return InvocationResult.Answered;
        }

        return report.AnyUndone ? Undone()
            : first ?? InvocationResult.Failed("Function.DeadlineExceeded", "no time was left to begin any record of the batch");
    }

    /// <summary>Offers an item to every route, carries out what those do that take it, and calls whoever waits.</summary>
    public InvocationResult Route(Item item)
    {
        item.StandIn = StandIn;
        report.BeginItem();
        var waits = item.Callback is not null || LifecycleHook.Waits(item);
        var work = waits ? Deadline.In(shared.Settings.Clock, End.RemainingMs - Math.Min(CallbackSender.ReservedMs, End.RemainingMs / 2)) : End;
        var known = item.RouteName is null;
        var refusal = AuthDecision.Allowed;
        string? compliance = null;
        foreach (var route in item.Unplayable is null ? table.Routes : [])
        {
            known |= route.Name == item.RouteName;
            if (!route.Takes(item))
            {
                continue;
            }

            if (item.Http is not null && Refuse(route, item, Context(route, item, 0, work)) is { } refused)
            {
                refusal = refusal.Outcome == ItemOutcome.Done ? refused : refusal;
                continue;
            }

            report.BeginRoute(route.Name, item.Id);
            compliance ??= route.Compliance;
            Run(route, item, work);
            if (route.Lifecycle?.Complete(item, report.OutcomeOfRoute, Context(route, item, route.Actions.Count, End)) is { } told)
            {
                Told(told, route, item);
            }
        }

        var result = EndOf(item, known, refusal);
        if (item.Callback is not null && CallbackSender.Send(item, report.UndoneOfItem(), compliance, Context(null, item, 0, End)) is var undelivered)
        {
            result = undelivered is null ? InvocationResult.Answered with { Exit = result.Exit } : InvocationResult.Failed("Function.CallbackFailed", $"{item.Source} waits for an answer that could not be given. {undelivered}");
        }

        item.IsDone = result.Error is null;
        return result;
    }

    /// <summary>What became of the item, and of the invocation when it brought nothing else.</summary>
    private InvocationResult EndOf(Item item, bool known, AuthDecision refusal)
    {
        if (item.Unplayable is { } reason)
        {
            item.End = new(ItemOutcome.Failed);
            return InvocationResult.Failed("Function.Unplayable", reason);
        }

        if (report.RoutesOfItem == 0)
        {
            item.End = new(refusal.Outcome == ItemOutcome.Done ? ItemOutcome.Unmatched : refusal.Outcome);
            return refusal.Outcome == ItemOutcome.Done ? Unmatched(item, known) : InvocationResult.Failed("Function.Refused", refusal.Reason);
        }

        item.End = report.ItemEnd;
        return report.IsItemUndone ? Undone() : InvocationResult.Answered;
    }

    /// <summary>Null when the request may come in.</summary>
    private AuthDecision? Refuse(Route route, Item item, ActionContext context)
    {
        var decision = route.Auth!.Decide(item.Http!, context);
        if (decision.Outcome == ItemOutcome.Done)
        {
            return null;
        }

        log.Write(LogLevel.Warn, context.Invocation.RequestId, "refused", ("route", route.Name), ("reason", decision.Reason));
        return decision;
    }

    private InvocationResult Undone()
    {
        var type = report.CredentialsExpired ? "Function.ExpiredToken"
            : report.TimeIsUp ? "Function.DeadlineExceeded"
            : report.AnyFailed ? "Function.ActionFailed"
            : "Function.ActionRetry";
        return new(new(type, report.Undone()), Exit: report.CredentialsExpired);
    }

    private void Run(Route route, Item item, Deadline deadline)
    {
        for (var index = 0; index < route.Actions.Count; index++)
        {
            var action = route.Actions[index];
            var began = shared.Settings.Clock.MonotonicMs;
            var result = _coalesced?.Find(route, item)
                ?? (deadline.HasPassed ? ActionResult.Retry("no time was left to begin it") with { TimeIsUp = true } : _coalesced?.Prepared(route, item)?.Alone() ?? action.Run(Context(route, item, index, deadline)));
            result = EndOfRetries(route, item, result);
            Add(action.Name, result, route, item, began);
            if (result.Outcome is Outcome.Failed or Outcome.Retry)
            {
                return;
            }
        }
    }

    /// <summary>A hook that was told has the last word; one that could not be is told when the event comes again.</summary>
    private void Told(ActionResult told, Route route, Item item)
    {
        if (told.Outcome is Outcome.Done or Outcome.Skipped)
        {
            report.Settle();
        }

        Add("lifecycle", told, route, item, shared.Settings.Clock.MonotonicMs);
    }

    private void Add(string action, ActionResult result, Route route, Item item, long began)
    {
        report.Add(action, result);
        log.Write(
            result.Outcome is Outcome.Done or Outcome.Skipped ? LogLevel.Info : LogLevel.Error,
            invocation.RequestId,
            "action",
            ("route", route.Name),
            ("action", action),
            ("item", Shown(item.Id)),
            ("outcome", result.OutcomeName),
            ("detail", result.Detail),
            ("ms", shared.Settings.Clock.MonotonicMs - began));
    }

    /// <param name="route">Null for what is done for the item and for no route.</param>
    private ActionContext Context(Route? route, Item item, int index, Deadline deadline) => new()
    {
        Item = item,
        RouteName = route?.Name ?? "",
        ActionIndex = index,
        Invocation = invocation,
        Deadline = deadline,
        Shared = shared,
        Aws = aws,
        Allow = table.Allow,
        Log = log,
        DryRun = route is { DryRun: true } || shared.Settings.DryRun || item.IsDryRun,
        Abandon = error => abandon(invocation, error),
    };

    /// <summary>An event that was tried for as long as its route says is a failure, not one more retry (C5.6).</summary>
    private ActionResult EndOfRetries(Route route, Item item, ActionResult result) =>
        result.Outcome == Outcome.Retry && route.RetryForMs is { } most && item.TimeMs is { } time && shared.Settings.Clock.UnixMs + shared.ClockOffsetMs - time > most
            ? ActionResult.Failed($"{result.Detail}; not done within {most / 60_000} minutes, which is what 'retryFor' says") with { CommandId = result.CommandId, TimeIsUp = result.TimeIsUp, CredentialsExpired = result.CredentialsExpired }
            : result;

    private InvocationResult Unmatched(Item item, bool known)
    {
        if (!known)
        {
            return InvocationResult.Failed("Function.UnknownRoute", $"the event was sent to the route '{Shown(item.RouteName!)}', which routes.json does not have");
        }

        // Somebody kept it because it mattered once: it does not end as a success that nobody looks at (C2.4).
        return table.UnmatchedIsError || item.IsPlayback ? InvocationResult.Failed("Function.Unmatched", "no route takes the event") : InvocationResult.Answered;
    }

    private static string Shown(string text) => text.Length <= LongestShown ? text : text[..LongestShown];
}
