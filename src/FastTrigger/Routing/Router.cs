using System.Text;
using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Events;
using FastTrigger.Http;
using FastTrigger.Json;
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
        var item = EventSources.Read(root, invocation);
        item.StandIn = standIn;
        var report = new RouteReport();
        var result = Route(item, invocation, report);
        if (result.Error is null)
        {
            report.WriteTo(answer, items: 1);
        }

        return Finish(invocation, began, item, report, result);
    }

    private InvocationResult Route(Item item, Invocation invocation, RouteReport report)
    {
        var left = Math.Max(invocation.DeadlineMs - shared.Settings.Clock.UnixMs, 0);
        // The failure of what is not done in time must still be told in time.
        var deadline = Deadline.In(shared.Settings.Clock, left - Math.Max(LeastMarginMs, left / 20));
        var known = item.RouteName is null;
        foreach (var route in item.Unplayable is null ? table.Routes : [])
        {
            known |= route.Name == item.RouteName;
            if (route.Takes(item))
            {
                report.BeginRoute(route.Name, item.Id);
                Run(route, item, invocation, deadline, report);
            }
        }

        if (item.Unplayable is { } reason)
        {
            return InvocationResult.Failed("Function.Unplayable", reason);
        }

        if (report.Routes == 0)
        {
            return Unmatched(item, invocation, known);
        }

        if (!report.AnyUndone)
        {
            return InvocationResult.Answered;
        }

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
                : action.Run(new()
                {
                    Item = item,
                    RouteName = route.Name,
                    ActionIndex = index,
                    Invocation = invocation,
                    Deadline = deadline,
                    Shared = shared,
                    Aws = aws,
                    Allow = table.Allow,
                    Log = log,
                    DryRun = route.DryRun || shared.Settings.DryRun || item.IsDryRun,
                    Abandon = error => abandon(invocation, error),
                });
            result = EndOfRetries(route, item, result);
            report.Add(action.Name, result);
            log.Write(
                result.Outcome is Outcome.Done or Outcome.Skipped ? LogLevel.Info : LogLevel.Error,
                invocation.RequestId,
                "action",
                ("route", route.Name),
                ("action", action.Name),
                ("item", Shown(item.Id)),
                ("outcome", result.OutcomeName),
                ("detail", result.Detail),
                ("ms", shared.Settings.Clock.MonotonicMs - began));
            if (result.Outcome is Outcome.Failed or Outcome.Retry)
            {
                return;
            }
        }
    }

    /// <summary>An event that was tried for as long as its route says is a failure, not one more retry (C5.6).</summary>
    private ActionResult EndOfRetries(Route route, Item item, ActionResult result) =>
        result.Outcome == Outcome.Retry && route.RetryForMs is { } most && item.TimeMs is { } time && shared.Settings.Clock.UnixMs + shared.ClockOffsetMs - time > most
            ? ActionResult.Failed($"{result.Detail}; not done within {most / 60_000} minutes, which is what 'retryFor' says") with { CommandId = result.CommandId, TimeIsUp = result.TimeIsUp, CredentialsExpired = result.CredentialsExpired }
            : result;

    private InvocationResult Unmatched(Item item, Invocation invocation, bool known)
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

    private InvocationResult Finish(Invocation invocation, long began, Item? item, RouteReport? report, InvocationResult result)
    {
        log.Write(
            result.Error is null ? LogLevel.Info : LogLevel.Error,
            invocation.RequestId,
            "invocation",
            ("outcome", result.Error is null ? "ok" : "error"),
            ("source", item?.Source ?? ""),
            ("items", item is null ? 0 : 1),
            ("routes", report?.Routes ?? 0),
            report is { Routes: 0 } && log.Writes(LogLevel.Info) ? ("unmatched", Why(item!)) : default,
            result.Error is null ? default : ("errorType", result.Error.Type),
            result.Error is null ? default : ("error", result.Error.Message),
            ("bytes", invocation.Payload.Length),
            ("ms", shared.Settings.Clock.MonotonicMs - began));
        return result;
    }

    private static string Shown(string text) => text.Length <= LongestShown ? text : text[..LongestShown];
}
