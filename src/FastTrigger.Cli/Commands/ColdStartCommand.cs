using System.CommandLine;
using System.Globalization;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger coldstart: the time of a fresh function, measured where Lambda measures it.</summary>
internal sealed class ColdStartCommand
{
    /// <summary>The exit code that a shell reports for a program that Ctrl-C ended.</summary>
    private const int Interrupted = 130;

    private const string DefaultSizes = "128,512,1769";

    private readonly ColdStartOptions _options = new();
    private readonly StormOptions _storm = new();
    private readonly LocalCommandOptions _local = new();

    public static Command Create()
    {
        var coldStart = new ColdStartCommand();
        var command = new Command("coldstart", """
            Measure cold starts on this machine: fresh processes in random order, a Runtime API with minimal work, AWS over https, and
            the processor shares of Lambda's memory sizes. With --storm or --scenario, run a load test, with environments that start and
            stop as Lambda's do. Its report divides the time into waiting, start and work. Exit code 1 when an event was lost or done
            twice.

            Examples:
              fasttrigger coldstart
              fasttrigger coldstart --event my-event.json --routes my-routes.json --count 100 --memory 128,1769
              fasttrigger coldstart --compare "node=node my-runtime.mjs" --program "curl=curl -s -o /dev/null --cacert {ca} {url}/"
              fasttrigger coldstart --storm 50 --duration 60 --arrivals poisson
              fasttrigger coldstart --scenario build/coldstart/storm-launches.json
            """);
        coldStart._options.AddTo(command);
        coldStart._storm.AddTo(command);
        coldStart._local.AddTo(command);
        command.SetAction(coldStart.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken token)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("coldstart reads clocks and counters of Linux: run it there, or in a Linux container");
        }

        try
        {
            var scenario = _storm.Read(parsed);
            var eventFile = parsed.GetValue(_options.EventFile) ?? scenario?.Event ?? "event.json";
            LocalFiles.CheckExists(eventFile);
            if (scenario is not null)
            {
                var (folder, local) = (parsed.GetValue(_options.Output)!, _local.Read(parsed));
                var options = local with { Routes = local.Routes ?? scenario.Routes };
                return await StormCommand.RunAsync(scenario, eventFile, options, folder, parsed.GetValue(_options.Json), token);
            }

            return await MeasureAsync(parsed, eventFile, token);
        }
        // Ctrl-C may end the function first, which then fails the experiment.
        catch (Exception e) when (e is OperationCanceledException || (e is LabException && token.IsCancellationRequested))
        {
            return Interrupted;
        }
        catch (LabException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private async Task<int> MeasureAsync(ParseResult parsed, string eventFile, CancellationToken token)
    {
        var memory = parsed.GetValue(_options.Memory);
        var problem = "";
        using var quota = memory == "none" ? null : CpuQuota.TryOpen(out problem);
        if (problem.Length > 0)
        {
            if (SystemdScope.Run([Environment.ProcessPath!, .. Environment.GetCommandLineArgs().Skip(1)]) is { } exitCode)
            {
                return exitCode;
            }

            ReportProblem(problem, isError: memory is not null);
        }

        var local = _local.Read(parsed);
        await using var run = await LocalRun.StartAsync(local);
        Console.Error.WriteLine(run.Files);
        var plan = new LabPlan
        {
            EventFile = eventFile,
            RoutesFile = LocalFiles.Routes(local.Routes),
            Candidates = LabCandidates.Create(
                run.Function.Settings.Bootstrap,
                parsed.GetValue(_options.Compare)!,
                parsed.GetValue(_options.Programs)!),
            Conditions = quota is null
                ? [new(null)]
                : Conditions(memory ?? DefaultSizes, parsed.GetValue(_options.InitBoost) == "on", parsed.GetValue(_options.SpentSlice)),
            Count = Math.Max(1, parsed.GetValue(_options.Count)),
            Warm = parsed.GetValue(_options.Warm),
            Stages = parsed.GetValue(_options.Stages),
            Evict = parsed.GetValue(_options.Evict),
        };
        var laboratory = new Laboratory(plan, run, quota);
        Progress.Run(progress => laboratory.Run(progress, token));
        var limits = quota is null ? "none" : $"{quota.Kind}, periods of {CpuQuota.PeriodMicroseconds / 1000} ms";
        var report = new LabReport(plan, laboratory, MachineDescription.Read(), limits, LabOutput.CommandLine());
        LabOutput.Write(report, parsed.GetValue(_options.Output)!, parsed.GetValue(_options.Json));
        if (parsed.GetValue(_options.Budgets) is not { } budgets)
        {
            return 0;
        }

        var name = parsed.GetValue(_options.Budget) ?? throw new UsageException("--budgets needs --budget NAME");
        return Check(Budget.Read(budgets, name), laboratory) ? 0 : 1;
    }

    private static bool Check(Budget budget, Laboratory laboratory)
    {
        var all = budget.Check(laboratory.Series).ToList();
        all.ForEach(static check => Console.Error.WriteLine($"{(check.Kept ? "kept" : "EXCEEDED")}: {check.Line}"));
        return all.TrueForAll(static check => check.Kept);
    }

    private static void ReportProblem(string problem, bool isError)
    {
        if (isError)
        {
            throw new LabException(problem);
        }

        Console.Error.WriteLine(problem);
    }

    private static List<Condition> Conditions(string memory, bool boost, bool spent)
    {
        var conditions = new List<Condition> { new(null) };
        foreach (var text in memory.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes)
                || megabytes is < 128 or > 10_240)
            {
                throw new UsageException($"--memory takes sizes from 128 to 10240 MB, separated by commas, or none; not '{text}'");
            }

            conditions.Add(new(megabytes, boost));
            // One thread cannot use up more than a whole processor.
            if (spent && megabytes < CpuQuota.MegabytesOfOneProcessor)
            {
                conditions.Add(new(megabytes, boost, SliceSpent: true));
            }
        }

        return conditions;
    }
}
