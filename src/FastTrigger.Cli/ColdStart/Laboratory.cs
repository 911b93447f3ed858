using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// Starts fresh processes one after another, every candidate in every round. It reads the clock where Lambda does: at exec, at the first
/// GET next, at the answer to it, and at POST response.
/// </summary>
internal sealed class Laboratory(LabPlan plan, LocalRun local, CpuQuota? quota)
{
    /// <summary>The rounds before those that count. They fill the page cache and compile the code of the local servers.</summary>
    private const int WarmUpRounds = 2, Seed = 20_240_229;

    /// <summary>The processes of each candidate with warm invocations. They occupy a processor, so they run last.</summary>
    private const int WarmProcesses = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, string> _functionEnvironment = local.Function.Settings.ProcessEnvironment();

    /// <summary>One series for each candidate under each condition. A program that is no function runs only without a limit.</summary>
    public IReadOnlyList<LabSeries> Series { get; } =
    [
        .. from condition in plan.Conditions
           from candidate in plan.Candidates
           where candidate.IsFunction || condition.Megabytes is null
           select new LabSeries(candidate, condition),
    ];

    /// <summary>Microseconds of one signed call to the local AWS over an open connection; null when it was not measured.</summary>
    public double? EndpointMicroseconds { get; private set; }

    /// <summary>Median microseconds of each stage of FastTrigger's start; empty when they were not measured.</summary>
    public IReadOnlyList<(string Stage, double Microseconds)> Stages { get; private set; } = [];

    /// <param name="progress">Receives the completed fraction after each process, from 0 to 1.</param>
    public void Run(Action<double> progress, CancellationToken token)
    {
        var payload = ReadEvent(plan.EventFile);
        local.World.AddNamedIn(Encoding.UTF8.GetString(payload));
        using var server = new ProbeServer(payload);
        var total = (plan.Count + WarmUpRounds) * Series.Count;
        var done = 0;
        var random = new Random(Seed);
        var order = Series.ToArray();
        PageCache.ReadAgain(plan.Candidates.SelectMany(static candidate => PageCache.NamedBy(candidate.Command)).Distinct());
        for (var round = -WarmUpRounds; round < plan.Count; round++)
        {
            // The order is random, because a processor that has just waited is slower than one that has just worked.
            random.Shuffle(order);
            foreach (var series in order)
            {
                token.ThrowIfCancellationRequested();
                var sample = series.Candidate.IsFunction ? Function(series, server) : Program(series.Candidate);
                if (round >= 0)
                {
                    series.Samples.Add(sample);
                }

                // Commands that a call started end before the next process starts.
                local.World.SettleAsync().GetAwaiter().GetResult();
                local.World.ForgetCalls();
                progress((double)++done / total);
            }
        }

        for (var round = 0; round < Math.Min(plan.Count, plan.Warm > 0 ? WarmProcesses : 0); round++)
        {
            foreach (var series in Series.Where(static series => series.Candidate.IsFunction && series.Condition.Megabytes is null))
            {
                var warm = Function(series, server, plan.Warm);
                series.Samples[round] = series.Samples[round] with { WarmMicroseconds = warm.WarmMicroseconds };
                local.World.ForgetCalls();
            }
        }

        if (plan.Stages)
        {
            var candidate = plan.Candidates.First(static candidate => candidate.Name == ColdStartNames.FastTrigger);
            Stages = new StageProbe(local, server, s_patience).Measure(candidate, plan.Count, WarmUpRounds);
        }

        if (plan.Warm > 0)
        {
            EndpointMicroseconds = EndpointProbe.Measure(local, payload);
        }
    }

    /// <summary>The event with the current time, because the function handles old events differently.</summary>
    private static byte[] ReadEvent(string file)
    {
        var bytes = LocalFiles.ReadText(file);
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
            // An event need not be JSON.
        }

        return bytes;
    }

    private Sample Program(Candidate candidate)
    {
        Prepare(candidate);
        var command = candidate.Command
            .Select(part => part
                .Replace("{url}", local.Aws.HttpsUrl, StringComparison.Ordinal)
                .Replace("{ca}", local.Aws.AuthorityFile, StringComparison.Ordinal))
            .ToList();
        var started = Stopwatch.GetTimestamp();
        var child = ChildProcess.Start(command, _functionEnvironment, Environment.CurrentDirectory, "/dev/null");
        var exit = child.Wait();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return exit.ExitCode == 0
            ? new() { Total = elapsed, Processor = exit.ProcessorMilliseconds }
            : throw new LabException($"{candidate.Name} ended with {exit.ExitCode}: {string.Join(' ', command)}");
    }

    /// <param name="warm">The number of further events.</param>
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
        var started = Stopwatch.GetTimestamp();
        var child = ChildProcess.Start(candidate.Command, environment, folder, "/dev/null", stopped: limitedFromExec);
        try
        {
            if (limitedFromExec)
            {
                quota!.Add(child.Id);
                started = Stopwatch.GetTimestamp();
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
            var toNext = Milliseconds(started, asked);
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

    private void Prepare(Candidate candidate)
    {
        if (plan.Evict)
        {
            PageCache.Evict(PageCache.FilesOf(candidate.Command));
        }
    }

    /// <summary>
    /// Runs warm invocations with the function and the server on one processor. Waking a second, sleeping processor takes longer than the
    /// work, so the scheduler's choice would decide the result.
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

        // The first tenth still meets cold pages and caches.
        return times.Count > 10 ? times[(times.Count / 10)..] : times;
    }

    /// <summary>Uses up the current period's share with another process in the group.</summary>
    private ChildProcess SpendSlice()
    {
        var throttled = quota!.TimesThrottled();
        var burner = ChildProcess.Start(["/bin/sh", "-c", "while :; do :; done"], new Dictionary<string, string>(), "/", "/dev/null");
        quota.Add(burner.Id);
        var started = Stopwatch.GetTimestamp();
        while (quota.TimesThrottled() == throttled)
        {
            if (Stopwatch.GetElapsedTime(started) > s_patience)
            {
                burner.Kill();
                throw new LabException("the share of a period could not be used up; the machine may be too busy");
            }

            Thread.SpinWait(100);
        }

        return burner;
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
