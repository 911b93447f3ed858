using System.CommandLine;
using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Samples;
using FastTrigger.Cli.Starvation;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger starve: whether the largest events of all sources fit into little memory, or are refused with a message.</summary>
internal static class StarveCommand
{
    private const int BytesPerMiB = 1024 * 1024;

    /// <summary>The forms that took the most.</summary>
    private static readonly string[] s_quickForms =
    [
        WorstCase.AsItIs, "empty arrays", "texts of empty arrays", "names with dots", "records", "smallest records", "log events",
        "headers", "base64 of text",
    ];

    public static Command Create()
    {
        var samples = new Argument<string[]>("SAMPLE")
        {
            Description = "The samples that events are made of (fasttrigger events lists them). Default: the first of each source, and all "
                + "others as they are",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var memory = new Option<int>("--memory") { Description = "The function's memory in MB", DefaultValueFactory = _ => 128 };
        var quick = new Option<bool>("--quick")
        {
            Description = "Only the forms that take the most, with a route",
        };
        var wholeProcessor = new Option<bool>("--whole-processor")
        {
            Description = "Do not limit the processor to the share of that memory size",
        };
        var bootstrap = new Option<string?>("--bootstrap")
        {
            Description = "The program to start. Default: artifacts/bootstrap",
            HelpName = "FILE",
        };
        var command = new Command("starve", """
            Send the largest events that Lambda takes, in the forms that take the most memory, to a function with little memory and a small
            share of a processor. Where a control group can be made, the kernel kills what needs more. Exit code 0 only when every event
            was answered, or refused with a message, within the memory.

            Example:
              fasttrigger starve sqs kinesis
            """) { samples, memory, quick, wholeProcessor, bootstrap };
        command.SetAction((parsed, token) => RunAsync(
            parsed.GetValue(samples)!,
            parsed.GetValue(memory),
            parsed.GetValue(quick),
            parsed.GetValue(wholeProcessor),
            parsed.GetValue(bootstrap),
            token));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] names,
        int memoryMiB,
        bool quick,
        bool wholeProcessor,
        string? bootstrap,
        CancellationToken token)
    {
        if (memoryMiB is < 128 or > 10_240)
        {
            throw new UsageException("--memory takes 128 to 10240");
        }

        if (names.FirstOrDefault(name => !SampleEvents.Names.Contains(name)) is { } unknown)
        {
            throw new UsageException($"there is no sample '{unknown}'; {SampleList.Hint(unknown)}");
        }

        using var folder = new RoutesFolder();
        var routes = folder.Write("routes.json", StarveRun.Routes);
        await using var local = await LocalRun.StartAsync(new() { Routes = routes, Bootstrap = bootstrap });
        using var quota = CpuQuota.TryOpen(out _);
        var isLimited = quota?.LimitMemory((long)memoryMiB * BytesPerMiB) == true;
        double? share = wholeProcessor || quota is null ? null : CpuQuota.Share(memoryMiB);
        var run = new StarveRun(local, quota, share, memoryMiB);
        var noRoutes = folder.Write("none.json", StarveRun.NoRoutes);
        List<string> grown = names.Length > 0 ? [.. names] : [.. SampleEvents.FirstNames];
        List<string> chosen = quick || names.Length > 0 ? grown : [.. grown, .. SampleEvents.Names.Except(grown)];
        Progress.Run(progress =>
        {
            for (var i = 0; i < chosen.Count; i++)
            {
                token.ThrowIfCancellationRequested();
                progress((double)i / chosen.Count);
                var forms = WorstCases.Of(chosen[i]).Take(grown.Contains(chosen[i]) ? int.MaxValue : 1);
                List<WorstCase> cases = [.. forms.Where(one => !quick || s_quickForms.Contains(one.Form))];
                run.Send(cases, routes: null);
                if (!quick)
                {
                    run.Send(cases, noRoutes);
                }
            }
        });
        Console.WriteLine(StarveReport.Table(run.Events));
        Console.WriteLine();
        Console.WriteLine(StarveReport.Summary(run.Events));
        Console.WriteLine(Limits(memoryMiB, isLimited ? quota : null, share));
        var problems = run.Events.Where(one => one.Problem is not null).ToList();
        problems.ForEach(one => Console.WriteLine($"{one.Case.Sample}, {one.Case.Form}, {one.Case.Payload.Length} bytes: {one.Problem}"));
        return problems.Count == 0 ? 0 : 1;
    }

    private static string Limits(int memoryMiB, CpuQuota? quota, double? share)
    {
        var memory = quota is null
            ? $"No control group can be made here: nothing is killed, and peaks are compared with {memoryMiB} MiB."
            : $"A control group ({quota.Kind}) kills what needs more than {memoryMiB} MiB.";
        return share is { } part
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{memory} Invocations have {part:0.00} of a processor.")
            : memory + " The processor is not limited.";
    }

    private sealed class RoutesFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("fasttrigger-starve-").FullName;

        public string Write(string name, string text)
        {
            var file = Path.Combine(_path, name);
            File.WriteAllText(file, text);
            return file;
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
