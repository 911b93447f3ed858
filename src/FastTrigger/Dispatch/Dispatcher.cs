using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Json;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger.Dispatch;

/// <summary>
/// The way of a delivery, step by step. A batch is the ordinary case: a single event is a batch of one. One dispatcher serves one loop.
/// </summary>
internal sealed class Dispatcher
{
    private const int MaxPooled = 256 * 1024;

    private readonly Clock _clock;
    private readonly RecogniseStep _recognise;
    private readonly MatchStep _match;
    private readonly AdmitStep _admit;
    private readonly GroupStep _group;
    private readonly ActStep _act;
    private readonly SettleStep _settle;
    private readonly InvocationRecord _record;
    private readonly AnswerStep _answer;
    private readonly AwsClient _aws;
    private readonly XRayTrace? _trace;
    private bool _served;

    /// <param name="aws">The loop's own client.</param>
    /// <param name="abandon">Reports an invocation whose handler does not return, and ends the process.</param>
    /// <param name="placeholder">What stands for everything that an event does not say; not null for a synthetic event alone.</param>
    /// <param name="initMs">How long INIT took, when the first event had to wait for it; else null.</param>
    public Dispatcher(
        RouteTable table,
        AwsClient aws,
        AwsShared shared,
        Log log,
        Action<Invocation, RuntimeError> abandon,
        string? placeholder = null,
        long? initMs = null)
    {
        var contexts = new ContextFactory(table, aws, shared, log, abandon, placeholder);
        _clock = shared.Settings.Clock;
        _recognise = new(table, shared.Settings);
        _match = new(table);
        _admit = new(contexts);
        _group = new(contexts);
        _act = new(contexts);
        _settle = new(contexts);
        _record = new(log, _clock, _match, contexts.Metrics, initMs);
        _answer = new(shared.Settings, _record);
        _aws = aws;
        aws.Log = log;
        aws.Metrics = contexts.Metrics;
        aws.Trace = _trace = contexts.Trace;
    }

    /// <summary>One invocation: the answer is written, or the result is an error.</summary>
    public InvocationResult Handle(Invocation invocation, ByteBuffer answer)
    {
        var startedMs = _clock.MonotonicMs;
        _aws.InvocationId = invocation.RequestId;
        _trace?.Start(invocation.TraceHeader);
        try
        {
            return Handle(invocation, answer, startedMs);
        }
        // What needs more than the heap's limit needs it again: it is reported, so that it comes again and is kept as a dead letter.
        catch (OutOfMemoryException)
        {
            answer.Clear();
            _recognise.Clear();
            var reason = HeapLimit.Explain("the event", invocation.Payload.Length);
            return _answer.Refuse(invocation, startedMs, new(HeapLimit.ErrorType, reason));
        }
        finally
        {
            _recognise.Clear();
        }
    }

    /// <summary>Writes the log record of the invocation that was just answered.</summary>
    /// <param name="result">How it ended.</param>
    public void Finish(Invocation invocation, InvocationResult result) => _record.Write(invocation, result);

    private InvocationResult Handle(Invocation invocation, ByteBuffer answer, long startedMs)
    {
        var document = EventJson.Parse(invocation.Payload, out var problem);
        if (document is null)
        {
            return _answer.Refuse(invocation, startedMs, new("Function.InvalidEvent", problem));
        }

        var result = Handle(_recognise.Run(invocation, document.RootElement, startedMs), answer);
        // What it rented goes back to the pool from the second event on. The first return of a process calibrates a processor clock, which
        // takes 0.2 ms: as long as all the rest of a first event's work. A large event's tables are the collector's: the pool would keep
        // arrays of every size that they grew through, until the heap's limit is reached.
        if (_served && invocation.Payload.Length <= MaxPooled)
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

        return _answer.Run(work, answer);
    }
}
