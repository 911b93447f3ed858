using System.CommandLine;
using System.Globalization;
using System.Text;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger soak: whether an environment stays what it is, and whether every environment starts.</summary>
internal sealed class SoakCommand
{
    /// <summary>KiB for each 100,000 invocations that one environment serves: an environment lives for hours, not for years.</summary>
    private const int MaxSlope = 256;

    /// <summary>Fewer say nothing about a slope: the heap takes its memory in pieces.</summary>
    private const int MinInvocations = 100_000;

    private readonly Argument<string[]> _events = new("EVENT")
    {
        Description = "Event files that are sent in turn, beside the samples of all sources",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int> _invocations = new("--invocations")
    {
        Description = "The number of events for one environment",
        DefaultValueFactory = _ => 100_000,
    };

    private readonly Option<int> _starts = new("--starts")
    {
        Description = "The number of environments that serve one event each",
        DefaultValueFactory = _ => 1_000,
    };

    private readonly LocalCommandOptions _local = new();

    public static Command Create()
    {
        var soak = new SoakCommand();
        var command = new Command("soak", """
            Send a great many events of every kind to one environment, and start a great many environments. Exit code 0 only when memory,
            open descriptors and threads stay what they are, and every environment starts. The local servers are those of run, and so are
            the options.

            Example:
              fasttrigger soak build/demo/launch.json --routes build/coldstart/tag-routes.json --invocations 20000 --starts 100
            """) { soak._events, soak._invocations, soak._starts };
        soak._local.AddTo(command);
        command.SetAction(soak.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken token)
    {
        var (invocations, starts) = (parsed.GetValue(_invocations), parsed.GetValue(_starts));
        if (invocations < 2 || starts < 0)
        {
            throw new UsageException("--invocations takes 2 or more, --starts 0 or more");
        }

        var events = parsed.GetValue(_events)!.Select(LocalFiles.ReadText).ToList();
        await using var local = await LocalRun.StartAsync(_local.Read(parsed));
        Console.Error.WriteLine(local.Files);
        events.ForEach(payload => local.World.AddNamedIn(Encoding.UTF8.GetString(payload)));
        var run = new SoakRun(local, events);
        try
        {
            Progress.Run(progress => run.Invoke(invocations, progress, token));
            Progress.Run(progress => run.StartMany(starts, progress, token));
        }
        catch (LabException e)
        {
            Console.WriteLine($"the environment failed: {e.Message}");
            return 1;
        }

        return Report(run, invocations, starts) ? 0 : 1;
    }

    private static bool Report(SoakRun run, int invocations, int starts)
    {
        var used = run.Used;
        var memory = used.Range(static sample => sample.Kib);
        var descriptors = used.Range(static sample => sample.Descriptors);
        var threads = used.Range(static sample => sample.Threads);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            | what | second half of {invocations} invocations |
            |---|---|
            | resident memory | {memory.Least / 1024.0:0.0} to {memory.Most / 1024.0:0.0} MiB, {used.Slope:0.0} KiB for each 100,000 |
            | open descriptors | {descriptors.Least} to {descriptors.Most} |
            | threads | {threads.Least} to {threads.Most} |
            | starts | {starts - run.FailedStarts.Count} of {starts} succeeded |
            """));
        run.FailedStarts.ForEach(Console.WriteLine);
        return (used.Slope <= MaxSlope || invocations < MinInvocations)
            && !used.Grows(static sample => sample.Descriptors)
            && !used.Grows(static sample => sample.Threads)
            && run.FailedStarts.Count == 0;
    }
}
