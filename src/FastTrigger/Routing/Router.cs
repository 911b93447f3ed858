using System.Text;
using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Routing;

/// <summary>One loop's work for an invocation: read the event, find the routes that take it, do what they say, answer.</summary>
/// <param name="aws">The loop's own client.</param>
/// <param name="standIn">Not null in a rehearsal: what stands for everything that the event does not say.</param>
internal sealed class Router(RouteTable table, AwsClient aws, AwsShared shared, Log log, Action<Invocation, RuntimeError> abandon, string? standIn = null)
{
    private const int LeastMarginMs = 200, MostExplained = 20, LargestPooled = 256 * 1024;

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
        var report = new RouteReport();
        var work = new InvocationWork(table, aws, shared, log, abandon, invocation, report)
        {
            // The failure of what is not done in time must still be told in time.
            End = Deadline.In(shared.Settings.Clock, left - Math.Max(LeastMarginMs, left / 20)),
            StandIn = standIn,
        };
        var result = delivery is { IsBatch: false, Items.Count: 1 } ? work.Route(delivery.Items[0]) : work.RouteAll(delivery.Items);
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

}
