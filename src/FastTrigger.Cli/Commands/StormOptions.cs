using System.CommandLine;
using System.Globalization;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Cli.Commands;

/// <summary>The options of coldstart that select a load test.</summary>
internal sealed class StormOptions
{
    private const string Pools = "warm,provisioned";

    private readonly Option<double?> _rate = new("--storm")
    {
        Description = "Run a load test instead, with this many events a second",
        HelpName = "RATE",
    };

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "Run the load test of this file instead: its arrivals, limits, quotas and comparisons",
        HelpName = "FILE",
    };

    private readonly Option<int> _duration = new("--duration")
    {
        Description = "The duration of the load test in seconds",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<ArrivalKind> _arrivals = new("--arrivals")
    {
        Description = "The distribution of the load test's events over time",
        DefaultValueFactory = _ => ArrivalKind.Poisson,
    };

    private readonly Option<string> _concurrency = new("--concurrency")
    {
        Description = "The maximum number of concurrent environments; several numbers, such as 1,10,50, run the load test with each",
        HelpName = "LIST",
        DefaultValueFactory = _ => "100",
    };

    private readonly Option<string> _pools = new("--pools")
    {
        Description = "What the load test on demand is compared with: warm, provisioned, both, or none",
        HelpName = "LIST",
        DefaultValueFactory = _ => Pools,
    };

    private readonly Option<int?> _provisioned = new("--provisioned")
    {
        Description = "The environments of provisioned concurrency in that comparison. Default: a quarter of the maximum",
        HelpName = "COUNT",
    };

    private readonly Option<double> _idle = new("--idle")
    {
        Description = "The seconds without an event after which an environment stops; 0 for never",
        HelpName = "SECONDS",
    };

    public void AddTo(Command command)
    {
        command.Add(_rate);
        command.Add(_scenario);
        command.Add(_duration);
        command.Add(_arrivals);
        command.Add(_concurrency);
        command.Add(_pools);
        command.Add(_provisioned);
        command.Add(_idle);
    }

    /// <summary>The load test; null without --storm and --scenario. Its files are relative to the current folder.</summary>
    public StormScenario? Read(ParseResult parsed)
    {
        var rate = parsed.GetValue(_rate);
        if (parsed.GetValue(_scenario) is { } file)
        {
            foreach (var option in (ReadOnlySpan<Option>)[_rate, _duration, _arrivals, _concurrency, _pools, _provisioned, _idle])
            {
                if (parsed.GetResult(option) is { Implicit: false })
                {
                    throw new UsageException($"--scenario has what {option.Name} says in its file: leave out {option.Name}");
                }
            }

            return Load(file);
        }

        if (rate is not { } perSecond)
        {
            return null;
        }

        var (duration, idle) = (parsed.GetValue(_duration), parsed.GetValue(_idle));
        if (perSecond is not (> 0 and <= 10_000) || duration is < 1 or > 3_600 || idle is not (>= 0 and <= 3_600))
        {
            throw new UsageException("--storm takes 1 to 10000 events a second, --duration 1 to 3600 seconds, --idle 0 to 3600 seconds");
        }

        var limits = ReadLimits(parsed.GetValue(_concurrency)!);
        var pools = ReadPools(parsed.GetValue(_pools)!);
        var max = limits.Max();
        if (parsed.GetValue(_provisioned) is { } count && (count < 1 || count > max))
        {
            throw new UsageException($"--provisioned takes 1 to {max}, the maximum of --concurrency, not {count}");
        }

        return new()
        {
            Arrivals = new() { Kind = $"{parsed.GetValue(_arrivals)}".ToLowerInvariant(), PerSecond = perSecond, Seconds = duration },
            Environments = limits,
            IdleSeconds = idle,
            Warm = pools.Contains("warm"),
            Provisioned = pools.Contains("provisioned") ? parsed.GetValue(_provisioned) ?? Math.Max(1, max / 4) : null,
        };
    }

    private static StormScenario Load(string file)
    {
        LocalFiles.CheckExists(file);
        try
        {
            var scenario = ScenarioReader.Load(file);
            var folder = Path.GetDirectoryName(file) ?? "";
            return scenario with
            {
                Event = scenario.Event is { } name ? Path.Combine(folder, name) : null,
                Routes = scenario.Routes is { } routes ? Path.Combine(folder, routes) : null,
            };
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--scenario: {e.Message}");
        }
    }

    private static List<int> ReadLimits(string text)
    {
        var limits = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit is < 1 or > 10_000)
            {
                throw new UsageException($"--concurrency takes 1 to 10000 environments, or several numbers such as 1,10,50, not '{text}'");
            }

            limits.Add(limit);
        }

        return limits;
    }

    private static List<string> ReadPools(string text)
    {
        List<string> pools = text == "none" ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries)];
        return pools.Find(static pool => !Pools.Split(',').Contains(pool)) is { } unknown
            ? throw new UsageException($"--pools takes {Pools} or none, not '{unknown}'")
            : pools;
    }
}
