using System.Text;
using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Events;
using FastTrigger.Http;
using FastTrigger.Json;
using FastTrigger.Routing.Auth;
using FastTrigger.Routing.Callbacks;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Routing;

/// <summary>One loop's work for an invocation: read the event, find the routes that take it, do what they say, answer.</summary>
/// <param name="aws">The loop's own client.</param>
/// <param name="standIn">Not null in a rehearsal: what stands for everything that the event does not say.</param>
internal sealed class Router(RouteTable table, AwsClient aws, AwsShared shared, Log log, Action<Invocation, RuntimeError> abandon, string? standIn = null)
{
    private const int LeastMarginMs = 200, LongestShown = 200, MostExplained = 20, LargestPooled = 256 * 1024;

    private readonly ByteBuffer _why = new(256);
    private readonly Func<string, bool> _isTrusted = arn => NamePattern.Any(table.Trust, arn) || NamePattern.Any(shared.Settings.Trust, arn);
    private string _whyText = "";
    private bool _served;

    public InvocationResult Handle(Invocation invocation, ByteBuffer answer)
    {
        var began = shared.Settings.Clock.MonotonicMs;
        var document = EventJson.Parse(invocation.Payload, out var problem);
        if (document is null)
        {
            return Finish(invocation, began, null, null, InvocationResult.Failed("Function.InvalidEvent", problem));
        }

        var result = Handle(document.RootElement, invocation, began, answer);
        // What it rented goes back to the pool from the second event on. The first return of a process calibrates a processor clock, which
        // takes 0.2 ms: as long as all the rest of a first event's work. A large event's tables are the collector's: the pool would keep
        // arrays of every size that they grew through, until the heap's limit is reached.
        if (_served && invocation.Payload.Length <= LargestPooled)
        {
            document.Dispose();
        }

        _served = true;
        return result;
    }

    private InvocationResult Handle(JsonElement root, Invocation invocation, long began, ByteBuffer answer)
    {
        var delivery = EventSources.Open(root, invocation, _isTrusted);
        var left = Math.Max(invocation.DeadlineMs - shared.Settings.Clock.UnixMs, 0);
        // The failure of what is not done in time must still be told in time.
        var end = Deadline.In(shared.Settings.Clock, left - Math.Max(LeastMarginMs, left / 20));
        var report = new RouteReport();
        var isOne = delivery is { IsBatch: false, Items.Count: 1 };
        var result = isOne ? Route(delivery.Items[0], invocation, end, report) : RouteAll(delivery.Items, invocation, end, report);
        var isPartial = shared.Settings.PartialBatch && BatchAnswer.IsPossible(delivery);
        var undone = 0;
        if (isPartial || (result.Error is null && delivery.WindowState is not null))
        {
            undone = BatchAnswer.Write(answer, delivery);
        }
        else if ((result.Error is null || delivery.Form == BatchForm.Answered) && !delivery.Source.Answer(answer, root, delivery.Items, invocation.RequestId))
        {
            report.WriteTo(answer, delivery.Items.Count);
        }

        Finish(invocation, began, delivery, report, result, undone);
        return isPartial || delivery.Form == BatchForm.Answered ? result with { Error = null }
            : result.Error is { } error ? result with { Error = delivery.Source.Shown(error, invocation.RequestId) }
            : result;
    }

    /// <summary>Every record for itself (C3.3): one that is not done keeps no other from being done, but for those behind it in its message group.</summary>
    private InvocationResult RouteAll(IReadOnlyList<Item> items, Invocation invocation, Deadline end, RouteReport report)
    {
        var stopped = new List<string>(0);
        var before = new Dictionary<string, Item>(items.Count);
        InvocationResult? first = null;
        var exit = false;
        var isDone = true;
        foreach (var item in items)
        {
            if (!exit && !end.HasPassed && (item.Group is null || !stopped.Contains(item.Group)))
            {
                // The same event twice in one batch is one event; another one that only has its id is not.
                if (before.TryGetValue(item.Id, out var earlier) && earlier.IsSameAs(item))
                {
                    item.End = earlier.End;
                    item.IsDone = earlier.IsDone;
                }
                else
                {
                    var result = Route(item, invocation, end, report);
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

        return report.AnyUndone ? Undone(report)
            : first ?? InvocationResult.Failed("Function.DeadlineExceeded", "no time was left to begin any record of the batch");
    }

    private InvocationResult Route(Item item, Invocation invocation, Deadline end, RouteReport report)
    {
        item.StandIn = standIn;
        report.BeginItem();
        var waits = item.Callback is not null || LifecycleHook.Waits(item);
        var work = waits ? Deadline.In(shared.Settings.Clock, end.RemainingMs - Math.Min(Callbacks.Callbacks.ReservedMs, end.RemainingMs / 2)) : end;
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

            if (item.Http is not null && Refuse(route, item, Context(route, item, 0, invocation, work)) is { } refused)
            {
                refusal = refusal.Outcome == ItemOutcome.Done ? refused : refusal;
                continue;
            }

            report.BeginRoute(route.Name, item.Id);
            compliance ??= route.Compliance;
            Run(route, item, invocation, work, report);
            if (route.Lifecycle?.Complete(item, report.OutcomeOfRoute, Context(route, item, route.Actions.Count, invocation, end)) is { } told)
            {
                Told(told, report, route, item, invocation);
            }
        }

        var result = End(item, invocation, report, known, refusal);
        if (item.Callback is not null && Callbacks.Callbacks.Deliver(item, report.UndoneOfItem(), compliance, Context(null, item, 0, invocation, end)) is var undelivered)
        {
            result = undelivered is null ? InvocationResult.Answered with { Exit = result.Exit } : InvocationResult.Failed("Function.CallbackFailed", $"{item.Source} waits for an answer that could not be given. {undelivered}");
        }

        item.IsDone = result.Error is null;
        return result;
    }

    /// <summary>What became of the item, and of the invocation when it brought nothing else.</summary>
    private InvocationResult End(Item item, Invocation invocation, RouteReport report, bool known, AuthDecision refusal)
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
        return report.IsItemUndone ? Undone(report) : InvocationResult.Answered;
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

    private static InvocationResult Undone(RouteReport report)
    {
        var type = report.CredentialsExpired ? "Function.ExpiredToken"
            : report.TimeIsUp ? "Function.DeadlineExceeded"
            : report.AnyFailed ? "Function.ActionFailed"
            : "Function.ActionRetry";
        return new(new(type, report.Undone()), Exit: report.CredentialsExpired);
    }

    private void Run(Route route, Item item, Invocation invocation, Deadline deadline, RouteReport report)
    {
        for (var index = 0; index < route.Actions.Count; index++)
        {
            var action = route.Actions[index];
            var began = shared.Settings.Clock.MonotonicMs;
            var result = deadline.HasPassed
                ? ActionResult.Retry("no time was left to begin it") with { TimeIsUp = true }
                : action.Run(Context(route, item, index, invocation, deadline));
            result = EndOfRetries(route, item, result);
            Add(action.Name, result, report, route, item, invocation, began);
            if (result.Outcome is Outcome.Failed or Outcome.Retry)
            {
                return;
            }
        }
    }

    /// <summary>A hook that was told has the last word; one that could not be is told when the event comes again.</summary>
    private void Told(ActionResult told, RouteReport report, Route route, Item item, Invocation invocation)
    {
        if (told.Outcome is Outcome.Done or Outcome.Skipped)
        {
            report.Settle();
        }

        Add("lifecycle", told, report, route, item, invocation, shared.Settings.Clock.MonotonicMs);
    }

    private void Add(string action, ActionResult result, RouteReport report, Route route, Item item, Invocation invocation, long began)
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
    private ActionContext Context(Route? route, Item item, int index, Invocation invocation, Deadline deadline) => new()
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

    /// <summary>For each route the first thing that did not match: names of fields, which are the route's own, never what the event has in them.</summary>
    private string Why(Item item)
    {
        _why.Clear();
        for (var i = 0; i < table.Routes.Count && i < MostExplained; i++)
        {
            _why.Append(i > 0 ? ", "u8 : ""u8).Append(table.Routes[i].Name).Append(": "u8).Append(table.Routes[i].WhyNot(item) ?? "");
        }

        // Events of one kind are refused for one reason.
        return Ascii.Equals(_why.Span, _whyText) ? _whyText : _whyText = _why.ToString();
    }

    private InvocationResult Finish(Invocation invocation, long began, Delivery? delivery, RouteReport? report, InvocationResult result, int undone = 0)
    {
        var item = delivery is { Items.Count: > 0 } ? delivery.Value.Items[0] : null;
        log.Write(
            result.Error is null ? LogLevel.Info : LogLevel.Error,
            invocation.RequestId,
            "invocation",
            ("outcome", result.Error is null ? "ok" : "error"),
            ("source", item?.Source ?? ""),
            ("items", delivery?.Items.Count ?? 0),
            ("routes", report?.Routes ?? 0),
            undone > 0 ? ("undone", undone) : default,
            item is not null && report is { Routes: 0 } && log.Writes(LogLevel.Info) ? ("unmatched", Why(item)) : default,
            result.Error is null ? default : ("errorType", result.Error.Type),
            result.Error is null ? default : ("error", result.Error.Message),
            ("bytes", invocation.Payload.Length),
            ("ms", shared.Settings.Clock.MonotonicMs - began));
        return result;
    }

    private static string Shown(string text) => text.Length <= LongestShown ? text : text[..LongestShown];
}
