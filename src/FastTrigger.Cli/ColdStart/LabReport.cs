using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.ColdStart;

/// <summary>What an experiment found, as JSON with every sample and as Markdown with what it comes to.</summary>
internal sealed class LabReport(LabPlan plan, Laboratory laboratory, MachineDescription machine, string limits, string commandLine)
{
    public const string ExecToResponse = "exec → response", ExecToNext = "exec → next", NextToResponse = "next → response";

    private readonly Dictionary<(LabSeries, LabSeries), Estimate> _ratios = [];

    public LabPlan Plan => plan;

    public MachineDescription Machine => machine;

    /// <summary>How memory sizes were imitated, or why not.</summary>
    public string Limits => limits;

    public string CommandLine => commandLine;

    public IReadOnlyList<(string Stage, double Microseconds)> Stages => laboratory.Stages;

    public double? EndpointMicroseconds => laboratory.EndpointMicroseconds;

    public IEnumerable<(Condition Condition, IReadOnlyList<LabSeries> Series)> ByCondition =>
        plan.Conditions.Select(condition => (condition, (IReadOnlyList<LabSeries>)[.. laboratory.Series.Where(series => series.Condition == condition)]));

    /// <summary>A candidate's time in times of the floor's, or of the first candidate's where there is no floor.</summary>
    public Estimate RatioToFirst(LabSeries series) => Ratio(series, laboratory.Series.First(other => other.Condition == series.Condition));

    /// <summary>A candidate's time in times of FastTrigger's.</summary>
    public Estimate RatioToOwn(LabSeries series) => Ratio(series, laboratory.Series.First(other => other.Condition == series.Condition && other.Candidate.Name == ColdStartNames.FastTrigger));

    /// <summary>The same in words: nothing of FastTrigger itself.</summary>
    public string Beside(LabSeries series)
    {
        if (series.Candidate.Name == ColdStartNames.FastTrigger)
        {
            return "";
        }

        var ratio = RatioToOwn(series);
        return $"{Statistics.Verdict(ratio)}: {Number(ratio)}";
    }

    /// <summary>The same candidate's own time without a limit is what its time under one is divided by.</summary>
    public Estimate? RatioToUnlimited(LabSeries series) =>
        series.Condition.Megabytes is null || laboratory.Series.FirstOrDefault(other => other.Candidate == series.Candidate && other.Condition.Megabytes is null) is not { } unlimited
            ? null
            : Ratio(series, unlimited);

    /// <summary>Text, page, samples and terminal all show the same ratios: each is resampled once.</summary>
    private Estimate Ratio(LabSeries series, LabSeries other)
    {
        if (!_ratios.TryGetValue((series, other), out var ratio))
        {
            _ratios[(series, other)] = ratio = RatioOfTotals(series, other);
        }

        return ratio;
    }

    public static Estimate RatioOfTotals(LabSeries series, LabSeries other) => Statistics.RatioOfMedians([.. series.Values(static sample => sample.Total)], [.. other.Values(static sample => sample.Total)]);

    public static string Number(double value, int digits = 2) => double.IsNaN(value) ? "–" : value.ToString("F" + digits, CultureInfo.InvariantCulture);

    public static string Number(Estimate estimate) => $"{Number(estimate.Value)} ({Number(estimate.Low)}–{Number(estimate.High)})";

    public JsonObject ToJson() => new()
    {
        ["schema"] = 1,
        ["at"] = machine.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["command"] = commandLine,
        ["machine"] = machine.ToJson(),
        ["commit"] = machine.Commit,
        ["event"] = Path.GetFileName(plan.EventFile),
        ["routes"] = Path.GetFileName(plan.RoutesFile),
        ["count"] = plan.Count,
        ["evict"] = plan.Evict,
        ["limits"] = limits,
        ["endpointUs"] = laboratory.EndpointMicroseconds is { } endpoint ? Math.Round(endpoint, 1) : null,
        ["stagesUs"] = laboratory.Stages.Count == 0 ? null : new JsonObject(laboratory.Stages.Select(static stage => KeyValuePair.Create(stage.Stage, (JsonNode?)Rounded(stage.Microseconds)))),
        ["results"] = new JsonArray([.. laboratory.Series.Select(Describe)]),
    };

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Cold start: {Path.GetFileName(plan.EventFile)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.System}, Linux {machine.Kernel}; commit {machine.Commit}; {machine.At:yyyy-MM-dd}.\n");
        text.Append(CultureInfo.InvariantCulture, $"{plan.Count} fresh processes of each in interleaved order{(plan.Evict ? ", files dropped from the page cache before each" : "")}; limits: {limits}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"    {commandLine}\n\n");
        text.Append("Milliseconds. Ratios are of medians; beside FastTrigger with the 95 % bootstrap interval over rounds, and what that leaves in doubt is called so.\n");
        foreach (var (condition, all) in ByCondition)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(condition.Name[0])}{condition.Name[1..]}\n\n");
            var limited = condition.Megabytes is not null;
            text.Append(CultureInfo.InvariantCulture, $"| | {ExecToResponse} median | p95 | p99 | x first | ms above it | beside FastTrigger |{(limited ? " x its own without a limit |" : "")} {ExecToNext} | {NextToResponse} | p95 | CPU of it | CPU in all | peak MiB | threads | faults |\n");
            text.Append(CultureInfo.InvariantCulture, $"|---|--:|--:|--:|--:|--:|---|{(limited ? "--:|" : "")}--:|--:|--:|--:|--:|--:|--:|--:|\n");
            foreach (var series in all)
            {
                AppendRow(text, series, all[0]);
            }
        }

        AppendWarm(text);
        if (laboratory.Stages.Count > 0)
        {
            text.Append("\n## Stages of FastTrigger's start\n\n| stage | µs |\n|---|--:|\n").AppendJoin("", laboratory.Stages.Select(static stage => $"| {stage.Stage} | {Number(stage.Microseconds, 0)} |\n"));
        }

        return text.ToString();
    }

    private void AppendRow(StringBuilder text, LabSeries series, LabSeries first)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {series.Candidate.Name} | {Median(series, static sample => sample.Total)} | {At(series, 0.95, static sample => sample.Total)} | {At(series, 0.99, static sample => sample.Total)} | ")
            .Append(CultureInfo.InvariantCulture, $"{Number(RatioToFirst(series).Value)} | {Number(Statistics.Median(series.Values(static sample => sample.Total)) - Statistics.Median(first.Values(static sample => sample.Total)))} | {Beside(series)} | {(RatioToUnlimited(series) is { } own ? Number(own) + " | " : "")}")
            .Append(CultureInfo.InvariantCulture, $"{Median(series, static sample => sample.ExecToNext)} | {Median(series, static sample => sample.NextToResponse)} | {At(series, 0.95, static sample => sample.NextToResponse)} | ")
            .Append(CultureInfo.InvariantCulture, $"{Median(series, static sample => sample.InvocationProcessor)} | {Median(series, static sample => sample.Processor)} | {Median(series, static sample => sample.PeakKib / 1024.0)} | ")
            .Append(CultureInfo.InvariantCulture, $"{Median(series, static sample => sample.Threads, 0)} | {Median(series, static sample => sample.MinorFaults, 0)}{(series.Values(static sample => sample.MajorFaults).Any(static faults => faults > 0) ? " + " + Median(series, static sample => sample.MajorFaults, 0) + " from disk" : "")} |\n");
    }

    private void AppendWarm(StringBuilder text)
    {
        var warm = laboratory.Series.Where(static series => series.Samples.Exists(static sample => sample.WarmMicroseconds.Count > 0)).ToList();
        if (warm.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## Warm invocations\n\nMicroseconds from the answer of GET next to POST response, {plan.Warm} in each of up to ten processes, function and server on one processor.\n\n");
        text.Append("| | median | p95 | p99 | ratio |\n|---|--:|--:|--:|--:|\n");
        foreach (var series in warm)
        {
            var ratio = Statistics.RatioOfMedians(WarmMedians(series), WarmMedians(warm[0]));
            var all = series.Samples.SelectMany(static sample => sample.WarmMicroseconds).ToList();
            text.Append(CultureInfo.InvariantCulture, $"| {series.Candidate.Name} | {Number(Statistics.Median(all), 1)} | {Number(Statistics.Percentile(all, 0.95), 1)} | {Number(Statistics.Percentile(all, 0.99), 1)} | {(series == warm[0] ? "1" : Number(ratio))} |\n");
        }

        if (laboratory.EndpointMicroseconds is { } endpoint)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nThe local AWS itself takes {Number(endpoint, 1)} µs for one signed CreateTags over an open connection.\n");
        }
    }

    public static List<double> WarmMedians(LabSeries series) => [.. series.Samples.Where(static sample => sample.WarmMicroseconds.Count > 0).Select(static sample => Statistics.Median(sample.WarmMicroseconds))];

    private static string Median(LabSeries series, Func<Sample, double?> metric, int digits = 2) => At(series, 0.5, metric, digits);

    private static string At(LabSeries series, double fraction, Func<Sample, double?> metric, int digits = 2) => Number(Statistics.Percentile(series.Values(metric), fraction), digits);

    private JsonObject Describe(LabSeries series)
    {
        var samples = series.Samples;
        var result = new JsonObject
        {
            ["candidate"] = series.Candidate.Name,
            ["condition"] = series.Condition.Name,
            ["memoryMb"] = series.Condition.Megabytes,
            ["initBoost"] = series.Condition.InitBoost,
            ["sliceSpent"] = series.Condition.SliceSpent,
            ["medianMs"] = Rounded(Statistics.Median(series.Values(static sample => sample.Total))),
            ["ratioToFirst"] = Describe(RatioToFirst(series)),
            ["ratioToFastTrigger"] = Describe(RatioToOwn(series)),
            ["besideFastTrigger"] = series.Candidate.Name == ColdStartNames.FastTrigger ? null : Statistics.Verdict(RatioToOwn(series)),
            ["execToResponseMs"] = Array(samples, static sample => sample.Total),
        };
        Add("execToNextMs", static sample => sample.ExecToNext);
        Add("nextToResponseMs", static sample => sample.NextToResponse);
        Add("invocationCpuMs", static sample => sample.InvocationProcessor);
        Add("cpuMs", static sample => sample.Processor);
        Add("peakKib", static sample => sample.PeakKib);
        Add("threads", static sample => sample.Threads);
        Add("minorFaults", static sample => sample.MinorFaults);
        Add("majorFaults", static sample => sample.MajorFaults);
        if (WarmMedians(series) is { Count: > 0 } warm)
        {
            result["warmUsMedian"] = Rounded(Statistics.Median(warm));
            result["warmUs"] = new JsonArray([.. warm.Select(static value => (JsonNode)Rounded(value))]);
        }

        return result;

        void Add(string name, Func<Sample, double?> metric)
        {
            if (samples.Exists(sample => metric(sample) is not null))
            {
                result[name] = Array(samples, metric);
            }
        }
    }

    private static JsonObject Describe(Estimate estimate) => new() { ["value"] = Rounded(estimate.Value), ["low"] = Rounded(estimate.Low), ["high"] = Rounded(estimate.High) };

    private static JsonArray Array(List<Sample> samples, Func<Sample, double?> metric) => [.. samples.Select(sample => metric(sample) is { } value ? (JsonNode)Rounded(value) : null)];

    private static double Rounded(double value) => double.IsNaN(value) ? 0 : Math.Round(value, 4);
}
