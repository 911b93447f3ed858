using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// Starts fresh processes, one after another, every candidate in every round, and reads the clock where Lambda would: at exec, at the
/// first GET next, at its answer, and at POST response.
/// </summary>
internal sealed class Laboratory(LabPlan plan, LocalRun local, CpuQuota? quota)
{
    /// <summary>Rounds before those that count: they fill the page cache and compile what the local servers need.</summary>
    private const int WarmUpRounds = 2, Seed = 20_240_229;

    /// <summary>Processes of each candidate whose warm invocations are measured: after all the cold ones, because they hold a processor.</summary>
    private const int WarmProcesses = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, string> _functionEnvironment = local.Function.Settings.ProcessEnvironment();

    public IReadOnlyList<LabSeries> Series { get; } = [.. plan.Conditions.SelectMany(condition => plan.Candidates.Where(candidate => candidate.IsFunction || condition.Megabytes is null).Select(candidate => new LabSeries(candidate, condition)))];

    /// <summary>The same signed call, sent again and again over one open connection by a client that does nothing else, in microseconds.</summary>
    public double? EndpointMicroseconds { get; private set; }

    /// <summary>Median microseconds of each stage of FastTrigger's start, in their order; empty when they were not asked for.</summary>
    public IReadOnlyList<(string Stage, double Microseconds)> Stages { get; private set; } = [];

    /// <param name="progress">Told after each process, with the part that is done.</param>
    public void Run(Action<double> progress, CancellationToken token)
    {
        var payload = ReadEvent(plan.EventFile);
        local.World.AddNamedIn(Encoding.UTF8.GetString(payload));
        using var server = new ProbeServer(payload);
        var total = (plan.Count + WarmUpRounds) * Series.Count;
        var done = 0;
        var random = new Random(Seed);
        var order = Series.ToArray();
        for (var round = -WarmUpRounds; round < plan.Count; round++)
        {
            // Nobody always comes first, or after the same: a processor that has just waited is slower than one that has just worked.
            random.Shuffle(order);
            foreach (var series in order)
            {
                token.ThrowIfCancellationRequested();
                var sample = series.Candidate.IsFunction ? Function(series, server) : Program(series.Candidate);
                if (round >= 0)
                {
                    series.Samples.Add(sample);
                }

                // What a call started on a server ends before the next process begins.
                local.World.SettleAsync().GetAwaiter().GetResult();
                local.World.ForgetCalls();
                progress((double)++done / total);
            }
        }

        for (var round = 0; round < Math.Min(plan.Count, plan.Warm > 0 ? WarmProcesses : 0); round++)
        {
            foreach (var series in Series.Where(static series => series.Candidate.IsFunction && series.Condition.Megabytes is null))
            {
                series.Samples[round] = series.Samples[round] with { WarmMicroseconds = Function(series, server, plan.Warm).WarmMicroseconds };
                local.World.ForgetCalls();
            }
        }

        if (plan.Stages)
        {
            Stages = MeasureStages(server);
        }

        if (plan.Warm > 0)
        {
            EndpointMicroseconds = EndpointProbe.Measure(local, payload);
        }
    }

    /// <summary>The event as it would come now: what is older than it should be is handled otherwise.</summary>
    private static byte[] ReadEvent(string file)
    {
        var bytes = File.ReadAllBytes(file);
        try
        {
            if (JsonNode.Parse(bytes) is JsonObject document && document["time"] is JsonValue && document["detail-type"] is not null)
            {
                document["time"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", provider: null);
                return Encoding.UTF8.GetBytes(document.ToJsonString());
            }
        }
        catch (JsonException)
        {
            // Anything may be an event.
        }

        return bytes;
    }

    private Sample Program(Candidate candidate)
    {
        Prepare(candidate);
        var command = candidate.Command.Select(part => part.Replace("{url}", local.Aws.HttpsUrl, StringComparison.Ordinal).Replace("{ca}", local.Aws.AuthorityFile, StringComparison.Ordinal)).ToList();
        var began = Stopwatch.GetTimestamp();
        var child = ChildProcess.Start(command, _functionEnvironment, Environment.CurrentDirectory, "/dev/null");
        var end = child.Wait();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return end.ExitCode == 0 ? new() { Total = took, Processor = end.ProcessorMilliseconds } : throw new LabException($"{candidate.Name} ended with {end.ExitCode}: {string.Join(' ', command)}");
    }

    /// <param name="warm">How many further events it gets.</param>
    private Sample Function(LabSeries series, ProbeServer server, int warm = 0)
    {
        var (candidate, condition) = (series.Candidate, series.Condition);
        Prepare(candidate);
        var environment = new Dictionary<string, string>(_functionEnvironment) { ["AWS_LAMBDA_RUNTIME_API"] = server.Address };
        var folder = Path.GetDirectoryName(Path.GetFullPath(candidate.Command[0]))!;
        environment["LAMBDA_TASK_ROOT"] = folder;
        if (condition.Megabytes is { } megabytes)
        {
            environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = megabytes.ToString(provider: null);
            quota!.SetShare(CpuQuota.Share(megabytes));
        }

        var limitedFromExec = condition is { Megabytes: not null, InitBoost: false };
        var began = Stopwatch.GetTimestamp();
        var child = ChildProcess.Start(candidate.Command, environment, folder, "/dev/null", stopped: limitedFromExec);
        try
        {
            if (limitedFromExec)
            {
                quota!.Add(child.Id);
                began = Stopwatch.GetTimestamp();
                child.Continue();
            }

            var asked = server.WaitForNext(s_patience, child.HasEnded);
            if (condition is { Megabytes: not null, InitBoost: true })
            {
                quota!.Add(child.Id);
            }

            var burner = condition.SliceSpent ? SpendSlice() : null;
            var before = child.ProcessorMilliseconds();
            burner?.Kill();
            var sent = server.SendEvent(local.Function.Settings.Arn);
            var answered = server.WaitForResponse(s_patience, answer: warm > 0);
            var after = child.ProcessorMilliseconds();
            var (peak, threads, minor, major) = child.Read();
            var warmTimes = Warm(child, server, warm);
            var toNext = Milliseconds(began, asked);
            var toResponse = Milliseconds(sent, answered);
            return new()
            {
                ExecToNext = toNext,
                NextToResponse = toResponse,
                Total = toNext + toResponse,
                InvocationProcessor = after - before,
                Processor = after,
                PeakKib = peak,
                Threads = threads,
                MinorFaults = minor,
                MajorFaults = major,
                WarmMicroseconds = warmTimes,
            };
        }
        catch (LabException e)
        {
            throw new LabException($"{candidate.Name} ({condition.Name}): {e.Message}");
        }
        finally
        {
            child.Kill();
            server.Reset();
        }
    }

    private List<(string Stage, double Microseconds)> MeasureStages(ProbeServer server)
    {
        var candidate = plan.Candidates.First(static candidate => candidate.Name == ColdStartNames.FastTrigger);
        var folder = Path.GetDirectoryName(candidate.Command[0])!;
        var output = Path.GetTempFileName();
        var stages = new List<(string Stage, List<double> All)>();
        for (var i = 0; i < plan.Count + WarmUpRounds; i++)
        {
            File.WriteAllText(output, "");
            var environment = new Dictionary<string, string>(_functionEnvironment)
            {
                ["AWS_LAMBDA_RUNTIME_API"] = server.Address,
                ["LAMBDA_TASK_ROOT"] = folder,
                // Stopwatch reads the monotonic clock, in nanoseconds.
                ["FASTTRIGGER_STAGES"] = Stopwatch.GetTimestamp().ToString(provider: null),
            };
            var child = ChildProcess.Start(candidate.Command, environment, folder, output);
            try
            {
                server.WaitForNext(s_patience, child.HasEnded);
                server.SendEvent(local.Function.Settings.Arn);
                server.WaitForResponse(s_patience, answer: false);
            }
            finally
            {
                child.Kill();
                server.Reset();
            }

            if (i >= WarmUpRounds)
            {
                Collect(File.ReadLines(output).First(static line => line.StartsWith("fasttrigger-stages ", StringComparison.Ordinal)), stages);
            }
        }

        File.Delete(output);
        return stages.ConvertAll(static stage => (stage.Stage, Statistics.Median(stage.All)));
    }

    private static void Collect(string line, List<(string Stage, List<double> All)> stages)
    {
        foreach (var part in line.Split(' ')[1..])
        {
            var (name, value) = (part[..part.IndexOf('=')], double.Parse(part[(part.IndexOf('=') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
            if (!stages.Exists(stage => stage.Stage == name))
            {
                stages.Add((name, []));
            }

            stages.Find(stage => stage.Stage == name).All.Add(value);
        }
    }

    private void Prepare(Candidate candidate)
    {
        if (plan.Evict)
        {
            PageCache.Evict(PageCache.FilesOf(candidate.Command));
        }
    }

    /// <summary>
    /// Function and server on one processor: which two the scheduler would choose decides more than what either does, because waking a
    /// processor that sleeps takes longer than the work.
    /// </summary>
    private List<double> Warm(ChildProcess child, ProbeServer server, int count)
    {
        var times = new List<double>(count);
        if (count == 0)
        {
            return times;
        }

        using var own = ChildProcess.Pin(0);
        using var function = ChildProcess.Pin(child.Id);
        for (var i = 0; i < count; i++)
        {
            server.WaitForNext(s_patience, child.HasEnded);
            var sent = server.SendEvent(local.Function.Settings.Arn);
            times.Add(Milliseconds(sent, server.WaitForResponse(s_patience, answer: true)) * 1e3);
        }

        // The first few still meet pages and caches that are cold.
        return times.Count > 10 ? times[(times.Count / 10)..] : times;
    }

    /// <summary>Something else in the group uses up the current period's share.</summary>
    private ChildProcess SpendSlice()
    {
        var throttled = quota!.TimesThrottled();
        var burner = ChildProcess.Start(["/bin/sh", "-c", "while :; do :; done"], new Dictionary<string, string>(), "/", "/dev/null");
        quota.Add(burner.Id);
        var began = Stopwatch.GetTimestamp();
        while (quota.TimesThrottled() == throttled)
        {
            if (Stopwatch.GetElapsedTime(began) > s_patience)
            {
                burner.Kill();
                throw new LabException("the share of a period could not be used up: is this machine very busy?");
            }

            Thread.SpinWait(100);
        }

        return burner;
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
