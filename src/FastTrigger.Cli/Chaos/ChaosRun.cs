using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Cli.Replay;

namespace FastTrigger.Cli.Chaos;

/// <summary>
/// Delivers every event many times at once, while it kills environments and breaks connections. After the storm it delivers every event
/// once more. The effects are counted on the servers, because the function's own report is under test.
/// </summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private static readonly string[] s_operations =
    [
        "SendCommand", "ListCommands", "CreateTags", "DescribeTags", "PutItem", "GetItem", "DeleteItem", "StartAutomationExecution",
    ];

    private static readonly FaultKind[] s_faults =
    [
        FaultKind.Throttle,
        FaultKind.ServerError,
        FaultKind.Reset,
        FaultKind.AcceptedThenReset,
        FaultKind.AcceptedThenServerError,
        FaultKind.Slow,
    ];

    /// <summary>The longest time that Lambda gives a function: nothing ends because it is over.</summary>
    private const int MaxTimeoutSeconds = 900;

    /// <summary>How long Lambda waits before it retries an asynchronous invocation for the first time.</summary>
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMinutes(1);

    private readonly ChaosPlan _plan;
    private readonly LocalRun _local;
    private readonly Random _random;
    private readonly string _folder;
    private readonly string[] _reported;
    private int _delivered;

    private ChaosRun(ChaosPlan plan, LocalRun local, string folder)
    {
        _plan = plan;
        _local = local;
        _random = new(plan.Seed);
        _folder = folder;
        _reported = new string[plan.Events];
    }

    public int Killed { get; private set; }

    public int Faults { get; private set; }

    /// <summary>The number of commands that were interrupted on their servers.</summary>
    public int Interrupted { get; private set; }

    /// <summary>The number of deliveries whose event went to the dead-letter queue.</summary>
    public int DeadLetters { get; private set; }

    public static async Task<ChaosRun> StartAsync(ChaosPlan plan, string? bootstrap)
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-chaos-").FullName;
        var routes = Path.Combine(folder, "routes.json");
        await File.WriteAllTextAsync(routes, plan.Routes("${env.SITE}"));
        var world = Path.Combine(folder, "world.json");
        await File.WriteAllTextAsync(world, """
            {
              "instances": [
                { "id": "i-0aaaaaaaaaaaaaaa1", "tags": { "Role": "pump" } },
                { "id": "i-0aaaaaaaaaaaaaaa2", "tags": { "Role": "pump" } },
                { "id": "i-0aaaaaaaaaaaaaaa3", "tags": { "Role": "pump" } }
              ],
              "documents": [
                { "name": "Plant-Valve", "parameters": ["order"], "script": "echo '{{ order }}' >> recorded.log" },
                { "name": "Plant-Restart", "parameters": ["order"] }
              ]
            }
            """);
        var local = await LocalRun.StartAsync(new()
        {
            Routes = routes,
            World = world,
            Bootstrap = bootstrap,
            TimeoutSeconds = MaxTimeoutSeconds,
            DeadLetterQueue = "dead-letters",
            Time = new FastTime(),
        });
        return new(plan, local, folder);
    }

    /// <param name="progress">Receives the completed fraction, from 0 to 1.</param>
    public async Task RunAsync(Action<double> progress, CancellationToken token)
    {
        // Every event is delivered at least once. The order is random.
        var deliveries = Enumerable.Range(0, _plan.Deliveries).Select(delivery => delivery % _plan.Events).ToArray();
        _random.Shuffle(deliveries);
        using var storm = CancellationTokenSource.CreateLinkedTokenSource(token);
        var breaking = BreakAsync(storm.Token);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _plan.Concurrency, CancellationToken = token };
        await Parallel.ForEachAsync(deliveries, parallel, async (number, _) =>
        {
            await _local.Asynchronous.InvokeAsync(Encoding.UTF8.GetBytes(ChaosPlan.Event(number).ToJsonString()));
            progress(0.8 * Interlocked.Increment(ref _delivered) / _plan.Deliveries);
        });
        await storm.CancelAsync();
        await breaking;
        _local.World.ForgetFaults();
        await _local.World.SettleAsync();
        DeadLetters = _local.World.Queues.TryGetValue("dead-letters", out var letters) ? letters.Count : 0;
        PassAMinute();
        for (var number = 0; number < _plan.Events; number++)
        {
            var item = ReplayItem.Read(ChaosPlan.Event(number), "").Single();
            // Lambda retries what failed: an attempt that only ran out of time on a slow machine is no failure of the event.
            var outcome = await _local.Asynchronous.InvokeAsync(item.Payload(dryRun: false));
            _reported[number] = Encoding.UTF8.GetString(outcome.Outcomes[^1].Payload);
            progress(0.8 + (0.2 * (number + 1) / _plan.Events));
        }

        await _local.World.SettleAsync();
    }

    public ChaosTally Count() => new(_plan, _local.World, _reported);

    public async ValueTask DisposeAsync()
    {
        await _local.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Kills environments, breaks calls and interrupts commands until the storm is over.</summary>
    private async Task BreakAsync(CancellationToken token)
    {
        while (!token.IsCancellationRequested)
        {
            var what = _random.Next(10);
            if (what < 2)
            {
                var running = _local.Function.Environments.Where(environment => !environment.HasExited).ToArray();
                if (running.Length > 0)
                {
                    running[_random.Next(running.Length)].Kill();
                    Killed++;
                }
            }
            else if (what == 2)
            {
                Interrupted += _local.World.InterruptCommand(_random) ? 1 : 0;
            }
            else
            {
                _local.World.Add(new Fault
                {
                    Operation = s_operations[_random.Next(s_operations.Length)],
                    Kind = s_faults[_random.Next(s_faults.Length)],
                    Milliseconds = 50,
                });
                Faults++;
            }

            await Task.Delay(_random.Next(60), token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Moves the ends of all leases of the act-once table, as if other time had passed.</summary>
    public static void MoveLeases(IEnumerable<JsonObject> entries, TimeSpan by)
    {
        foreach (var entry in entries.Where(static entry => entry["status"]!["S"]!.GetValue<string>() == "INPROGRESS"))
        {
            var until = entry["in_progress_expiration"]!.AsObject();
            var moved = long.Parse(until["N"]!.GetValue<string>(), CultureInfo.InvariantCulture) + (long)by.TotalMilliseconds;
            until["N"] = moved.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>
    /// Lets as much time pass for the act-once table as Lambda waits before its first retry, without waiting: an entry that a killed
    /// environment left must then be free.
    /// </summary>
    private void PassAMinute()
    {
        foreach (var table in _local.World.Tables.Values)
        {
            MoveLeases(table.Values, -s_firstRetry);
        }
    }
}
