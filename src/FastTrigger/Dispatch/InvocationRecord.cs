using System.Runtime.InteropServices;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Routing.Auth;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>
/// The log record of an invocation, and its metrics. It is taken while the event is there, and written when the answer is given: who waits
/// for the answer does not wait for the log. Lambda keeps the environment going until the next event is asked for. One serves one loop.
/// </summary>
/// <param name="metrics">Null when none are written.</param>
/// <param name="initMs">How long INIT took, when the first event had to wait for it; else null.</param>
internal sealed class InvocationRecord(Log log, Clock clock, MatchStep match, InvocationMetrics? metrics = null, long? initMs = null)
{
    private readonly List<LogField> _fields = new(14);
    private readonly ByteBuffer _trace = new(64);
    private long? _initMs = initMs;
    private LogLevel _level;
    private int _outcome;
    private bool _isTaken;

    /// <param name="work">Null when no event could be read.</param>
    /// <param name="error">Null when all is done that had to be.</param>
    /// <param name="undone">How many items of a batch are to be delivered again.</param>
    public void Take(Invocation invocation, long startedMs, DeliveryWork? work, RuntimeError? error, int undone)
    {
        Begin(invocation);
        var first = work is { Items: [var item, ..] } ? item : null;
        var routes = 0;
        foreach (var result in work?.Items ?? [])
        {
            routes += result.Routes.Count;
        }

        _fields.Add(("outcome", error is null ? "ok" : "error"));
        _fields.Add(("source", first?.Item.Source ?? ""));
        _fields.Add(("items", work?.Items.Length ?? 0));
        _fields.Add(("routes", routes));
        if (undone > 0)
        {
            _fields.Add(("undone", undone));
        }

        if (work is not null && NotDone(work) is { Length: > 0 } notDone)
        {
            _fields.Add(("notDone", notDone));
        }

        if (routes == 0 && work is not null && match.Explain(first) is { } unmatched)
        {
            _fields.Add(("unmatched", unmatched));
            if (match.Hint(first!) is { } hint)
            {
                _fields.Add(("hint", hint));
            }
        }

        Add(error);
        _fields.Add(("bytes", invocation.Payload.Length));
        _fields.Add(("ms", clock.MonotonicMs - startedMs));
        Count(work);
        _isTaken = true;
    }

    /// <summary>Writes the record, with what the answer came to.</summary>
    /// <param name="result">How the invocation ended. It may differ from what was taken; nothing is taken of work that broke off.</param>
    public void Write(Invocation invocation, InvocationResult result)
    {
        if (!_isTaken)
        {
            _trace.Clear();
            _fields.Clear();
            _level = LogLevel.Info;
            _outcome = 0;
            _fields.Add(("outcome", "ok"));
        }

        if (result.Error is { } error && _level == LogLevel.Info)
        {
            _fields[_outcome] = ("outcome", "error");
            Add(error);
        }

        log.WriteInvocation(_level, invocation.RequestId, _trace.Span, metrics, CollectionsMarshal.AsSpan(_fields));
        metrics?.Clear();
        _fields.Clear();
        _initMs = null;
        _isTaken = false;
    }

    private void Begin(Invocation invocation)
    {
        _fields.Clear();
        _trace.Clear().Append(invocation.TraceRoot);
        if (_initMs is not null)
        {
            _fields.Add(LogField.Flag("coldStart"));
        }

        if (invocation.TenantId is { } tenant)
        {
            _fields.Add(("tenantId", tenant));
        }

        _outcome = _fields.Count;
        _level = LogLevel.Info;
    }

    private void Add(RuntimeError? error)
    {
        if (error is null)
        {
            return;
        }

        _level = LogLevel.Error;
        _fields.Add(("errorType", error.Type));
        _fields.Add(("error", error.Message));
    }

    /// <summary>How many items have which outcome, as in "2 unmatched, 1 failed"; that of the only one; empty when all are done.</summary>
    private static string NotDone(DeliveryWork work)
    {
        if (work.Items is [var only])
        {
            return only.Answer.IsDone ? "" : only.Answer.Name;
        }

        Span<int> counts = stackalloc int[(int)ItemOutcome.TimeIsUp + 1];
        foreach (var item in work.Items)
        {
            counts[(int)item.Outcome]++;
        }

        var text = "";
        for (var outcome = ItemOutcome.NotStarted; outcome <= ItemOutcome.TimeIsUp; outcome++)
        {
            if (counts[(int)outcome] is > 0 and var count && outcome is not (ItemOutcome.Done or ItemOutcome.Accepted))
            {
                text += $"{(text.Length > 0 ? ", " : "")}{count} {ItemAnswer.NameOf(outcome)}";
            }
        }

        return text;
    }

    /// <summary>Counts what is no action: actions are counted where they are logged.</summary>
    private void Count(DeliveryWork? work)
    {
        if (metrics is null)
        {
            return;
        }

        if (_initMs is { } milliseconds)
        {
            metrics.Add(MetricName.ColdStart, 1);
            metrics.Add(MetricName.InitDuration, milliseconds);
        }

        if (work is null)
        {
            return;
        }

        metrics.Add(MetricName.BatchSize, work.Delivery.IsBatch ? work.Items.Length : 0);
        foreach (var item in work.Items)
        {
            var metric = item.SameAs is not null ? MetricName.Duplicates
                : item.Routes.Count > 0 ? MetricName.Matched
                : item.Refusal != AuthDecision.Allowed ? MetricName.Refused
                : MetricName.Unmatched;
            metrics.Add(metric, 1);
        }
    }
}
