using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Routing.Auth;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>
/// Writes the source's own answer from the outcomes alone, or makes the invocation an error; and the invocation's log record.
/// </summary>
/// <param name="metrics">Null when none are written.</param>
/// <param name="initMs">How long INIT took, when the first event had to wait for it; else null.</param>
internal sealed class AnswerStep(Settings settings, Log log, InvocationMetrics? metrics = null, long? initMs = null)
{
    private long? _initMs = initMs;

    /// <summary>Most deliveries bring one item.</summary>
    private readonly ItemAnswer[] _single = new ItemAnswer[1];

    public InvocationResult Run(DeliveryWork work, ByteBuffer answer, MatchStep match)
    {
        var error = Outcomes.ErrorOf(work.Items);
        var form = work.Delivery.Form;
        var isPartial = settings.PartialBatch && BatchAnswer.IsPossible(work);
        var undone = 0;
        RuntimeError? fault = null;
        if (isPartial || (error is null && work.Delivery.WindowState is not null))
        {
            undone = BatchAnswer.Write(answer, work);
        }
        else if (error is null || form == BatchForm.Answered)
        {
            fault = Write(work, answer);
            // An item keeps its event's document, and two large ones do not fit into the heap.
            Array.Clear(_single);
        }

        LogInvocation(work.Invocation, work.StartedMs, work, fault ?? error, undone, match);
        // Whoever gets an answer of its own reads the outcomes there.
        error = fault ?? (isPartial || form == BatchForm.Answered ? null : error);
        var message = error is null ? "" : work.Delivery.Source.RedactError(error.Message, work.Invocation.RequestId);
        return new(error is null ? null : error with { Message = message }, work.MustExit);
    }

    /// <summary>An invocation that brought no event that could be read.</summary>
    public InvocationResult Refuse(Invocation invocation, long startedMs, RuntimeError error)
    {
        LogInvocation(invocation, startedMs, null, error, 0, null);
        return new(error);
    }

    /// <summary>Null when the answer is written. What C# handlers gave is the one thing in it that is not known to be right.</summary>
    private RuntimeError? Write(DeliveryWork work, ByteBuffer answer)
    {
        var items = work.Items.Length == 1 ? _single : new ItemAnswer[work.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = work.Items[i].Answer;
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (!work.Delivery.Source.Answer(answer, work.Delivery.Root, items, work.Invocation.RequestId))
                {
                    Report.Write(answer, work);
                }

                return null;
            }
            // The fence: one record's answer that cannot be written is that record's failure. Without what handlers gave nothing else is
            // lost.
            catch (Exception e) when (attempt == 0 && e is not OutOfMemoryException)
            {
                answer.Clear();
                for (var i = 0; i < items.Length; i++)
                {
                    if (items[i].Given is not null)
                    {
                        work.Items[i].Fault("answering for", e);
                        work.Items[i].Given = null;
                        items[i] = work.Items[i].Answer;
                    }
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                answer.Clear();
                return new(
                    "Function.Unhandled",
                    $"{e.GetType().Name} while the answer was written: this is a fault of FastTrigger, please report it");
            }
        }
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

    private void LogInvocation(Invocation invocation, long startedMs, DeliveryWork? work, RuntimeError? error, int undone, MatchStep? match)
    {
        var first = work is { Items: [var item, ..] } ? item : null;
        var routes = 0;
        foreach (var result in work?.Items ?? [])
        {
            routes += result.Routes.Count;
        }

        var unmatched = routes == 0 ? match?.Explain(first) : null;
        Count(work);
        log.WriteInvocation(
            error is null ? LogLevel.Info : LogLevel.Error,
            invocation.RequestId,
            invocation.TraceRoot,
            metrics,
            _initMs is null ? default : LogField.Flag("coldStart"),
            invocation.TenantId is { } tenant ? ("tenantId", tenant) : default,
            ("outcome", error is null ? "ok" : "error"),
            ("source", first?.Item.Source ?? ""),
            ("items", work?.Items.Length ?? 0),
            ("routes", routes),
            undone > 0 ? ("undone", undone) : default,
            work is not null && NotDone(work) is { Length: > 0 } notDone ? ("notDone", notDone) : default,
            unmatched is null ? default : ("unmatched", unmatched),
            unmatched is not null && match!.Hint(first!) is { } hint ? ("hint", hint) : default,
            error is null ? default : ("errorType", error.Type),
            error is null ? default : ("error", error.Message),
            ("bytes", invocation.Payload.Length),
            ("ms", settings.Clock.MonotonicMs - startedMs));
        metrics?.Clear();
        _initMs = null;
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
