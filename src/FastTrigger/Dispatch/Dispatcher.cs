using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>
/// The way of a delivery, step by step. A batch is the ordinary case: a single event is a batch of one. One dispatcher serves one loop.
/// </summary>
/// <param name="aws">The loop's own client.</param>
/// <param name="abandon">Reports an invocation whose handler does not return, and ends the process.</param>
/// <param name="placeholder">What takes the place of everything that an event does not say; not null for a synthetic event alone.</param>
internal sealed class Dispatcher(
    RouteTable table, AwsClient aws, AwsShared shared, Log log, Action<Invocation, RuntimeError> abandon, string? placeholder = null)
{
    private const int MaxKept = 256 * 1024;

    private readonly RecogniseStep _recognise = new(table, shared.Settings);
    private readonly MatchStep _match = new(table);
    private readonly AdmitStep _admit = new(new(table, aws, shared, log, abandon, placeholder));
    private readonly GroupStep _group = new(new(table, aws, shared, log, abandon, placeholder));
    private readonly ActStep _act = new(new(table, aws, shared, log, abandon, placeholder));
    private readonly SettleStep _settle = new(new(table, aws, shared, log, abandon, placeholder));
    private readonly AnswerStep _answer = new(shared.Settings, log);
    private bool _served;

    /// <summary>One invocation: the answer is written, or the result is an error.</summary>
    public InvocationResult Handle(Invocation invocation, ByteBuffer answer)
    {
        var startedMs = shared.Settings.Clock.MonotonicMs;
        var document = _recognise.Parse(invocation, out var problem);
        if (document is null)
        {
            return _answer.Refuse(invocation, startedMs, new("Function.InvalidEvent", problem));
        }

        var result = Handle(_recognise.Run(invocation, document.RootElement, startedMs), answer);
        // What it rented goes back to the pool, for the next one: two large tables do not fit into the heap. Only the first small event
        // keeps its own, because the first return of a process calibrates a processor clock, which takes 0.2 ms: as long as all the rest
        // of a first event's work.
        if (_served || invocation.Payload.Length > MaxKept)
        {
            document.Dispose();
        }

        _served = true;
        return result;
    }

    private InvocationResult Handle(DeliveryWork work, ByteBuffer answer)
    {
        foreach (var item in work.Items)
        {
            _match.Run(work, item);
            _admit.Run(work, item);
        }

        _group.Run(work);
        var order = new ProcessingOrder(work);
        foreach (var item in work.Items)
        {
            if (item.SameAs is { } first)
            {
                item.CopyFrom(first);
            }
            else if (order.MayStart(item))
            {
                _act.Run(work, item);
                _settle.Run(work, item);
            }

            order.Note(item);
        }

        return _answer.Run(work, answer, _match);
    }
}
