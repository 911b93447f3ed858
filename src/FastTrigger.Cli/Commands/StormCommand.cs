using System.CommandLine;
using System.Text;
using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Cli.Commands;

/// <summary>The options of coldstart that make it a load test.</summary>
internal sealed class StormOptions
{
    private readonly Option<double?> _rate = new("--storm") { Description = "A load test instead: events a second", HelpName = "RATE" };
    private readonly Option<int> _duration = new("--duration") { Description = "Of the load test, in seconds", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
    private readonly Option<ArrivalKind> _arrivals = new("--arrivals") { Description = "How its events come", DefaultValueFactory = _ => ArrivalKind.Poisson };
    private readonly Option<int> _concurrency = new("--concurrency") { Description = "How many environments it may have at a time; what comes above that is throttled", DefaultValueFactory = _ => 100 };
    private readonly Option<double> _idle = new("--idle") { Description = "After how many seconds without an event an environment is given up; 0 for never", HelpName = "SECONDS" };

    public void AddTo(Command command)
    {
        command.Add(_rate);
        command.Add(_duration);
        command.Add(_arrivals);
        command.Add(_concurrency);
        command.Add(_idle);
    }

    /// <summary>Null when no storm is asked for.</summary>
    public StormPlan? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_rate) is not { } rate)
        {
            return null;
        }

        var (duration, concurrency, idle) = (parsed.GetValue(_duration), parsed.GetValue(_concurrency), parsed.GetValue(_idle));
        if (rate is not (> 0 and <= 10_000) || duration is < 1 or > 3_600 || concurrency is < 1 or > 10_000 || idle < 0)
        {
            throw new UsageException("--storm takes 1 to 10000 events a second, --duration 1 to 3600 seconds, --concurrency 1 to 10000 environments, --idle no negative number");
        }

        return new(rate, TimeSpan.FromSeconds(duration), parsed.GetValue(_arrivals), concurrency, idle == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(idle));
    }
}

/// <summary>fasttrigger coldstart --storm: cold starts at scale.</summary>
internal static class StormCommand
{
    public static async Task<int> RunAsync(StormPlan plan, string eventFile, LocalOptions options, string folder, bool json, CancellationToken token)
    {
        await using var local = await LocalRun.StartAsync(options with { Concurrency = plan.Concurrency, IdleLifetime = plan.IdleLifetime });
        var payload = await File.ReadAllBytesAsync(eventFile, token);
        local.World.AddNamedIn(Encoding.UTF8.GetString(payload));
        var run = new StormRun(plan, local, payload);
        await Progress.RunAsync("measuring", progress => run.RunAsync(progress, token));
        await local.World.SettleAsync();
        var quotas = CallQuota.Of(local.World.Calls, run.Began, plan.Duration);
        var report = new StormReport(plan, run, quotas, local.Function.Environments.Count, MachineDescription.Read(), Path.GetFileName(eventFile), ColdStartCommand.CommandLine());
        var document = report.ToJson();
        ColdStartCommand.WriteFile(folder, "storm.json", document.ToJsonString() + "\n");
        ColdStartCommand.WriteFile(folder, "storm.md", report.ToMarkdown());
        ColdStartCommand.WriteFile(folder, "storm.html", report.ToHtml());
        if (json)
        {
            Console.WriteLine(document.ToJsonString());
        }
        else
        {
            Console.WriteLine(report.ToMarkdown());
            Console.WriteLine($"{Path.Combine(folder, "storm.html")}, storm.md and storm.json say it in full");
        }

        return report.Failed == 0 ? 0 : 1;
    }
}
