using System.Text;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Storm;

/// <summary>What became of an event in the hands of its service.</summary>
/// <param name="Outcomes">All attempts to invoke the function for it.</param>
/// <param name="Error">The last error type; null when it was done.</param>
internal sealed record StormOutcome(IReadOnlyList<InvocationOutcome> Outcomes, TimeSpan Retrying, string? Error);

/// <summary>How the events of a storm reach the function.</summary>
internal interface IStormDelivery : IAsyncDisposable
{
    /// <summary>All attempts to invoke the function.</summary>
    IEnumerable<InvocationOutcome> Invocations { get; }

    /// <summary>The requests of SQS that are paid for: to send, to receive and to delete messages.</summary>
    int QueueRequests { get; }

    /// <summary>Delivers an event until it is done, or given up.</summary>
    Task<StormOutcome> DeliverAsync(byte[] payload);
}

/// <summary>As EventBridge invokes: asynchronously, one event at a time.</summary>
internal sealed class SingleDelivery(LocalRun local) : IStormDelivery
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<InvocationOutcome> _invocations = new();

    public IEnumerable<InvocationOutcome> Invocations => _invocations;

    public int QueueRequests => 0;

    public async Task<StormOutcome> DeliverAsync(byte[] payload)
    {
        var outcome = await local.Asynchronous.InvokeAsync(payload);
        foreach (var attempt in outcome.Outcomes)
        {
            _invocations.Enqueue(attempt);
        }

        return new(outcome.Outcomes, outcome.RetryDelay, outcome.Record is null ? null : outcome.Outcomes[^1].ErrorType);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Through an SQS queue, in batches.</summary>
internal sealed class QueueDelivery(LocalRun local, ScenarioQueue queue) : IStormDelivery
{
    /// <summary>The messages of one request to receive or delete them.</summary>
    private const int MessagesOfRequest = 10;

    private int _sent;

    private readonly QueueMapping _mapping = new(local.Function, new(
        Arn(local.Function.Settings.Region, local.Function.Settings.Account),
        queue.BatchSize,
        TimeSpan.FromSeconds(queue.WindowSeconds),
        queue.Pollers,
        queue.MorePollersPerMinute,
        TimeSpan.FromSeconds(queue.VisibilitySeconds),
        queue.MaxReceives));

    public IEnumerable<InvocationOutcome> Invocations => _mapping.Invocations;

    /// <summary>Requests that received nothing are not counted: their number depends on how long the queue is idle.</summary>
    public int QueueRequests
    {
        get
        {
            var transfers = _mapping.Invocations.Count(static outcome => !outcome.IsThrottled);
            var each = Math.Max(1, (int)Math.Ceiling((double)_mapping.Received / Math.Max(1, transfers) / MessagesOfRequest));
            return _sent + (2 * transfers * each);
        }
    }

    /// <summary>The queue's ARN, which the routes must trust for events of AWS to count as such.</summary>
    public static string Arn(string region, string account) => $"arn:aws:sqs:{region}:{account}:storm";

    public async Task<StormOutcome> DeliverAsync(byte[] payload)
    {
        Interlocked.Increment(ref _sent);
        var outcome = await _mapping.SendAsync(Encoding.UTF8.GetString(payload));
        return new(outcome.Outcomes, outcome.RetryDelay, outcome.Error);
    }

    public ValueTask DisposeAsync() => _mapping.DisposeAsync();
}
