using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.Storm;

/// <summary>What became of one event.</summary>
/// <param name="At">When it came, from the start of the storm.</param>
/// <param name="Latency">From its coming to the function's answer.</param>
/// <param name="Init">How long a new environment took to start; null when there was a free one.</param>
/// <param name="Error">Null when it was answered.</param>
internal sealed record StormArrival(TimeSpan At, TimeSpan Latency, TimeSpan? Init, string? Error, bool Throttled);

/// <summary>Delivers the events of a plan, each at its time, whatever became of those before.</summary>
internal sealed class StormRun(StormPlan plan, LocalRun local, byte[] payload)
{
    private const int PoolThreads = 512;

    private readonly ConcurrentQueue<StormArrival> _arrivals = new();
    private int _mostBusy;
    private readonly JsonObject? _document = Read(payload);

    public IReadOnlyCollection<StormArrival> Arrivals => _arrivals;

    /// <summary>The most environments that were busy at a time.</summary>
    public int MostBusy => _mostBusy;

    /// <summary>When it began, for what others have noted with a time.</summary>
    public DateTimeOffset Began { get; private set; }

    public async Task RunAsync(Action<double> progress, CancellationToken token)
    {
        // Starting and ending servers and processes waits here and there; the pool's slow growth would be measured as latency.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        await local.Function.PrepareAsync(Math.Min(plan.Concurrency, 200));
        local.World.ForgetCalls();
        var running = new List<Task>();
        Began = DateTimeOffset.UtcNow;
        var start = Stopwatch.GetTimestamp();
        foreach (var due in plan.Times())
        {
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, token);
                progress(due / plan.Duration);
            }

            // Events that come together begin together: none waits until the process of another was started.
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
        for (var known = _mostBusy; busy > known; known = _mostBusy)
        {
            Interlocked.CompareExchange(ref _mostBusy, busy, known);
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

    /// <summary>An event of its own: another id, and now.</summary>
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
