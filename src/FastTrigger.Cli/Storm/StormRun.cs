using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.Storm;

/// <summary>The outcome of one event.</summary>
/// <param name="At">The arrival since the start of the storm.</param>
/// <param name="Latency">The time from the arrival to the function's response.</param>
/// <param name="Init">The start of a new environment; null when one was free.</param>
/// <param name="Error">The error type; null when the function answered.</param>
internal sealed record StormArrival(TimeSpan At, TimeSpan Latency, TimeSpan? Init, string? Error, bool Throttled);

/// <summary>Delivers each event of a plan at its time, and does not wait for earlier events.</summary>
internal sealed class StormRun(StormPlan plan, LocalRun local, byte[] payload)
{
    private const int PoolThreads = 512;

    private readonly ConcurrentQueue<StormArrival> _arrivals = new();
    private readonly JsonObject? _document = Read(payload);
    private int _maxBusy;

    public IReadOnlyCollection<StormArrival> Arrivals => _arrivals;

    /// <summary>The largest number of environments that were busy at the same time.</summary>
    public int MaxBusy => _maxBusy;

    /// <summary>The start of the storm, to which the times of AWS calls are compared.</summary>
    public DateTimeOffset Started { get; private set; }

    public async Task RunAsync(Action<double> progress, CancellationToken token)
    {
        // Starting and stopping servers and processes blocks threads, and the slow growth of the pool would count as latency.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        await local.Function.PrepareAsync(Math.Min(plan.Concurrency, 200));
        local.World.ForgetCalls();
        var running = new List<Task>();
        Started = DateTimeOffset.UtcNow;
        var start = Stopwatch.GetTimestamp();
        foreach (var due in plan.Times())
        {
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, token);
                progress(due / plan.Duration);
            }

            // Events of the same time start together: none waits for the process of another.
            running.Add(Task.Run(() => DeliverAsync(due, start), token));
        }

        await Task.WhenAll(running);
    }

    private async Task DeliverAsync(TimeSpan due, long start)
    {
        var answer = local.Function.InvokeAsync(NextEvent());
        NoteBusy(local.Function.Busy);
        var outcome = await answer;
        _arrivals.Enqueue(new(due, Stopwatch.GetElapsedTime(start) - due, outcome.Init, outcome.ErrorType, outcome.IsThrottled));
    }

    private void NoteBusy(int busy)
    {
        for (var known = _maxBusy; busy > known; known = _maxBusy)
        {
            Interlocked.CompareExchange(ref _maxBusy, busy, known);
        }
    }

    private static JsonObject? Read(byte[] payload)
    {
        try
        {
            return JsonNode.Parse(payload) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The event with a new id and the current time.</summary>
    private byte[] NextEvent()
    {
        if (_document is null || _document["id"] is not JsonValue || _document["detail-type"] is null)
        {
            return payload;
        }

        lock (_document)
        {
            _document["id"] = Guid.NewGuid().ToString();
            _document["time"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", provider: null);
            return Encoding.UTF8.GetBytes(_document.ToJsonString());
        }
    }
}
