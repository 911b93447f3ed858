using System.Collections.Concurrent;
using System.Text;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>
/// Delivers events of all actions while the wires to both local servers fail in every way. Lambda's asynchronous retries deliver again
/// what failed, and after the storm every event is delivered once more without faults, in the same way.
/// </summary>
internal sealed class WireRun : IAsyncDisposable
{
    /// <summary>Shorter than a function waits for a silent peer, and longer: then it asks a second time.</summary>
    public static readonly TimeSpan PlainTimeout = TimeSpan.FromSeconds(8), TlsTimeout = TimeSpan.FromSeconds(15);

    private const int Concurrency = 8;

    /// <summary>
    /// How far the clock of AWS is ahead. AWS refuses a signature from five minutes on: four are noticed by nobody. The clock never goes
    /// back, because AWS's own does not.
    /// </summary>
    private static readonly TimeSpan[] s_clocks =
        [TimeSpan.FromMinutes(-20), TimeSpan.FromMinutes(-4), TimeSpan.Zero, TimeSpan.FromMinutes(20)];

    private static readonly TimeSpan s_unnoticed = TimeSpan.FromMinutes(5);

    private readonly WirePlan _plan;
    private readonly LocalRun _local;
    private readonly WireServers _servers;
    private readonly WireStorm _storm;
    private readonly WireEffects _effects;
    private readonly AsynchronousInvoker[] _invokers;
    private readonly string _folder;
    private readonly ConcurrentQueue<WireReport> _reports = new();

    private WireRun(WirePlan plan, LocalRun local, WireServers servers, string folder)
    {
        _plan = plan;
        _local = local;
        _servers = servers;
        _folder = folder;
        _storm = new(servers, plan.Seed);
        _effects = new(plan, local.World, () => servers.Functions.Append(local.Function).SelectMany(function => function.Logs));
        _invokers = [.. servers.Functions.Select(function => new AsynchronousInvoker(function, local.World, new FastTime()))];
    }

    public WireServers Servers => _servers;

    public WireStorm Storm => _storm;

    public static async Task<WireRun> StartAsync(WirePlan plan, string? bootstrap)
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-wire-").FullName;
        var (routes, world) = (Path.Combine(folder, "routes.json"), Path.Combine(folder, "world.json"));
        await File.WriteAllTextAsync(routes, plan.Routes());
        await File.WriteAllTextAsync(world, WirePlan.World);
        var local = await LocalRun.StartAsync(new()
        {
            Routes = routes,
            World = world,
            Bootstrap = bootstrap,
            TimeoutSeconds = (int)TlsTimeout.TotalSeconds,
            Time = new FastTime(),
        });
        return new(plan, local, await WireServers.StartAsync(local, folder, bootstrap ?? LocalFiles.DefaultBootstrap()), folder);
    }

    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    public async Task RunAsync(Action<double> progress, CancellationToken token)
    {
        var deliveries = Enumerable.Range(0, _plan.Deliveries).Select(delivery => delivery % _plan.Events).ToArray();
        new Random(_plan.Seed).Shuffle(deliveries);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = token };
        var done = 0;
        for (var phase = 0; phase < s_clocks.Length; phase++)
        {
            SetClock(s_clocks[phase]);
            var part = deliveries.Where((_, i) => i % s_clocks.Length == phase).Select((number, i) => (number, i));
            await Parallel.ForEachAsync(part, parallel, async (delivery, _) =>
            {
                _storm.Strike();
                var by = delivery.i % _invokers.Length;
                var outcome = await _invokers[by].InvokeAsync(Payload(delivery.number));
                foreach (var attempt in outcome.Outcomes)
                {
                    Note(delivery.number, attempt, _servers.Functions[by].Settings.Timeout);
                }

                progress(0.8 * Interlocked.Increment(ref done) / _plan.Deliveries);
            });
        }

        await _storm.CalmAsync();
        await _local.World.SettleAsync();
        // As much time passes for the act-once table as Lambda waits before its first retry: what a delivery has left is free then. The
        // clock of the delivery may have been ahead of AWS's by what nobody noticed.
        MoveLeases(TimeSpan.FromMinutes(-1) - s_unnoticed);
        await Parallel.ForEachAsync(Enumerable.Range(0, _plan.Events), parallel, async (number, _) =>
        {
            // Lambda retries what failed: a wait that only ran out of time on a slow machine is no failure of the event.
            var outcomes = (await _local.Asynchronous.InvokeAsync(Payload(number))).Outcomes;
            for (var i = 0; i < outcomes.Count; i++)
            {
                Note(number, outcomes[i], TlsTimeout, isLast: i == outcomes.Count - 1);
            }
        });
        await _local.World.SettleAsync();
        progress(1);
    }

    public WireTally Count() => new(
        _plan,
        _effects,
        _reports,
        _servers.Functions.SelectMany(function => function.Environments).SelectMany(environment => environment.Api.Violations));

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        await _local.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private byte[] Payload(int number) => Encoding.UTF8.GetBytes(_plan.Event(number).ToJsonString());

    private void Note(int number, InvocationOutcome outcome, TimeSpan timeout, bool isLast = false)
    {
        var isFalse = !outcome.IsError && !_effects.HasBegun(number);
        _reports.Enqueue(new(number, outcome, timeout, isLast, isFalse));
    }

    /// <summary>The act-once table is read by AWS's clock, so its entries move with it.</summary>
    private void SetClock(TimeSpan offset)
    {
        MoveLeases(offset - _local.World.ClockOffset);
        _local.World.ClockOffset = offset;
    }

    private void MoveLeases(TimeSpan by)
    {
        foreach (var table in _local.World.Tables.Values)
        {
            ChaosRun.MoveLeases(table.Values, by);
        }
    }
}

/// <summary>What an invocation reported.</summary>
/// <param name="IsLast">Whether it was the last invocation for its event, after the storm.</param>
/// <param name="IsFalse">Whether it reported as done what had not happened.</param>
internal sealed record WireReport(int Number, InvocationOutcome Outcome, TimeSpan Timeout, bool IsLast, bool IsFalse)
{
    /// <summary>Whether the function was still at work when Lambda's time was over.</summary>
    public bool IsLate => Outcome.ErrorType == "Sandbox.Timedout" || Outcome.Duration > Timeout;
}
