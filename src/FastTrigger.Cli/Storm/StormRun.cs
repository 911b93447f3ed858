using System.Collections.Concurrent;
using System.Diagnostics;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.Storm;

/// <summary>Delivers each event of a scenario at its time to one variant of the function, and does not wait for earlier events.</summary>
internal sealed class StormRun(StormScenario scenario, StormVariant variant, StormEvents events)
{
    private const int PoolThreads = 512;

    private readonly ConcurrentQueue<StormEvent> _settled = new();

    /// <param name="note">Receives the files that are used.</param>
    /// <param name="progress">Receives the fraction of events that have arrived, from 0 to 1.</param>
    public async Task<StormResult> RunAsync(
        LocalOptions options,
        Action<string> note,
        Action<double> progress,
        CancellationToken token)
    {
        // Starting and stopping servers and processes blocks threads, and the slow growth of the pool would count as latency.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);
        await using var local = await LocalRun.StartAsync(Adapt(options));
        note(local.Files);
        await local.Function.PrepareAsync(Math.Min(variant.Environments, scenario.CreatePlan().Times().Count()));
        if (variant.Ahead > 0)
        {
            await local.Function.StartAheadAsync(variant.Ahead, variant.IsProvisioned);
        }

        local.World.ForgetCalls();
        local.World.Limits = new(scenario.Quotas.Select(static quota => (quota.Operation, quota.Bucket, quota.RefillPerSecond)));
        await using IStormDelivery delivery = variant.Queue is { } queue ? new QueueDelivery(local, queue) : new SingleDelivery(local);
        var (started, at) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        await DeliverAllAsync(delivery, started, progress, token);
        var end = Stopwatch.GetElapsedTime(started);
        await local.World.SettleAsync();
        return new(variant, [.. _settled.OrderBy(static settled => settled.Number)], end)
        {
            Calls = CallCount.Of(local.World.Calls, at, scenario),
            Effects = StormEffects.Count(events, _settled.Count, local.World.Calls, at),
            Environments = local.Function.Environments.Count,
            MaxBusy = local.Function.MaxBusy,
            ThrottledAtLimit = local.Function.ThrottledAtLimit,
            ThrottledByScaling = local.Function.ThrottledByScaling,
            Cost = StormCost.Of(scenario, delivery.Invocations, delivery.QueueRequests),
        };
    }

    private async Task DeliverAllAsync(IStormDelivery delivery, long started, Action<double> progress, CancellationToken token)
    {
        var (running, number, plan) = (new List<Task>(), 0, scenario.CreatePlan());
        foreach (var due in plan.Times())
        {
            await UntilAsync(started, due, token);
            progress(due / plan.Duration);

            // Events of the same time start together: none waits for the process of another.
            var next = number++;
            running.Add(Task.Run(() => DeliverAsync(delivery, next, due, started), token));
        }

        await Task.WhenAll(running).WaitAsync(token);
    }

    /// <summary>Waits until a time after the start has passed. A timer ends up to a millisecond too soon.</summary>
    internal static async Task UntilAsync(long started, TimeSpan due, CancellationToken token)
    {
        for (TimeSpan wait; (wait = due - Stopwatch.GetElapsedTime(started)) > TimeSpan.Zero;)
        {
            await Task.Delay(wait, token);
        }
    }

    private async Task DeliverAsync(IStormDelivery delivery, int number, TimeSpan due, long started)
    {
        var outcome = await delivery.DeliverAsync(events.Create(number));
        var whole = Stopwatch.GetElapsedTime(started) - due;
        _settled.Enqueue(StormEvent.Of(number, due, whole, outcome.Outcomes, outcome.Retrying, outcome.Error));
    }

    private LocalOptions Adapt(LocalOptions options) => options with
    {
        Concurrency = variant.Environments,
        IdleLifetime = scenario.IdleSeconds == 0 || variant is { Ahead: > 0, IsProvisioned: false }
            ? TimeSpan.MaxValue
            : TimeSpan.FromSeconds(scenario.IdleSeconds),
        Scaling = scenario.Scaling is { } scaling ? new(scaling.Burst, scaling.PerSecond) : null,
        MemoryMegabytes = scenario.Memory,
        Shell = LocalAws.ScriptShell.None,
        Environment = variant.Queue is null
            ? options.Environment
            : [
                .. options.Environment,
                "FASTTRIGGER_PARTIAL_BATCH=on",
                $"FASTTRIGGER_TRUST={QueueDelivery.Arn(options.Region, options.Account)}",
            ],
    };
}
