using System.CommandLine;
using System.Text;
using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Output;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Cli.Commands;

/// <summary>The options of coldstart that select a load test.</summary>
internal sealed class StormOptions
{
    private readonly Option<double?> _rate = new("--storm")
    {
        Description = "Run a load test instead, with this many events a second",
        HelpName = "RATE",
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

    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "The maximum number of concurrent environments in the load test; further events are throttled",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<double> _idle = new("--idle")
    {
        Description = "The seconds without an event after which an environment stops; 0 for never",
        HelpName = "SECONDS",
    };

    public void AddTo(Command command)
    {
        command.Add(_rate);
        command.Add(_duration);
        command.Add(_arrivals);
        command.Add(_concurrency);
        command.Add(_idle);
    }

    /// <summary>The plan of the load test; null without --storm.</summary>
    public StormPlan? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_rate) is not { } rate)
        {
            return null;
        }

        var (duration, concurrency, idle) = (parsed.GetValue(_duration), parsed.GetValue(_concurrency), parsed.GetValue(_idle));
        if (rate is not (> 0 and <= 10_000) || duration is < 1 or > 3_600 || concurrency is < 1 or > 10_000 || idle < 0)
        {
            throw new UsageException(
                "--storm takes 1 to 10000 events a second, --duration 1 to 3600 seconds, --concurrency 1 to 10000 environments, "
                + "--idle no negative number");
        }

        var idleLifetime = idle == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(idle);
        return new(rate, TimeSpan.FromSeconds(duration), parsed.GetValue(_arrivals), concurrency, idleLifetime);
    }
}

/// <summary>fasttrigger coldstart --storm: cold starts under load.</summary>
internal static class StormCommand
{
    public static async Task<int> RunAsync(
        StormPlan plan,
        string eventFile,
        LocalOptions options,
        string folder,
        bool json,
        CancellationToken token)
    {
        var localOptions = options with { Concurrency = plan.Concurrency, IdleLifetime = plan.IdleLifetime };
        await using var local = await LocalRun.StartAsync(localOptions);
        Console.Error.WriteLine(local.Files);
        var payload = LocalFiles.ReadText(eventFile);
        local.World.AddNamedIn(Encoding.UTF8.GetString(payload));
        var run = new StormRun(plan, local, payload);
        await Progress.RunAsync("measuring", progress => run.RunAsync(progress, token));
        await local.World.SettleAsync();
        var report = new StormReport(
            plan,
            run,
            CallQuota.Of(local.World.Calls, run.Started, plan.Duration),
            local.Function.Environments.Count,
            MachineDescription.Read(),
            Path.GetFileName(eventFile),
            LabOutput.CommandLine());
        var document = JsonStormReport.Write(report).ToJsonString();
        var markdown = MarkdownStormReport.Write(report);
        LabOutput.WriteFile(folder, "storm.json", document + "\n");
        LabOutput.WriteFile(folder, "storm.md", markdown);
        LabOutput.WriteFile(folder, "storm.html", HtmlStormReport.Write(report));
        if (json)
        {
            Console.WriteLine(document);
        }
        else
        {
            var console = Terminal.Results();
            MarkdownText.Write(console, markdown, "storm.md");
            console.Write(new StyledLine().Add($"{Path.Combine(folder, "storm.html")}, storm.md and storm.json contain the full report"));
        }

        return report.Failed == 0 ? 0 : 1;
    }
}
