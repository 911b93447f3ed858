using System.Globalization;

namespace FastTrigger.Cli.ColdStart;

/// <summary>The results of an experiment, with the ratios that every output format shows.</summary>
internal sealed class LabReport(
    LabPlan plan,
    Laboratory laboratory,
    MachineDescription machine,
    string limits,
    string commandLine)
{
    public const string ExecToResponse = "exec → response", ExecToNext = "exec → next", NextToResponse = "next → response";

    private readonly Dictionary<(LabSeries, LabSeries), Estimate> _ratios = [];

    public LabPlan Plan => plan;

    public MachineDescription Machine => machine;

    /// <summary>How memory sizes are simulated; "none" when they are not.</summary>
    public string Limits => limits;

    public string CommandLine => commandLine;

    public IReadOnlyList<(string Stage, double Microseconds)> Stages => laboratory.Stages;

    public double? EndpointMicroseconds => laboratory.EndpointMicroseconds;

    public IReadOnlyList<LabSeries> Series => laboratory.Series;

    public IEnumerable<(Condition Condition, IReadOnlyList<LabSeries> Series)> ByCondition
    {
        get
        {
            foreach (var condition in plan.Conditions)
            {
                yield return (condition, [.. Series.Where(series => series.Condition == condition)]);
            }
        }
    }

    /// <summary>The series with warm invocations.</summary>
    public List<LabSeries> Warm =>
        [.. Series.Where(static series => series.Samples.Exists(static sample => sample.WarmMicroseconds.Count > 0))];

    /// <summary>The ratio to the first candidate, which is the floor where there is one.</summary>
    public Estimate RatioToFirst(LabSeries series) => Ratio(series, Series.First(other => other.Condition == series.Condition));

    /// <summary>The ratio to FastTrigger under the same condition.</summary>
    public Estimate RatioToOwn(LabSeries series) =>
        Ratio(series, Series.First(other => other.Condition == series.Condition && other.Candidate.Name == ColdStartNames.FastTrigger));

    /// <summary>The comparison with FastTrigger as text; empty for FastTrigger itself.</summary>
    public string Comparison(LabSeries series)
    {
        if (series.Candidate.Name == ColdStartNames.FastTrigger)
        {
            return "";
        }

        var ratio = RatioToOwn(series);
        return $"{Statistics.Verdict(ratio)}: {Number(ratio)}";
    }

    /// <summary>The ratio to the same candidate without a limit; null when there is no such series.</summary>
    public Estimate? RatioToUnlimited(LabSeries series)
    {
        var unlimited = Series.FirstOrDefault(other => other.Candidate == series.Candidate && other.Condition.Megabytes is null);
        return series.Condition.Megabytes is null || unlimited is null ? null : Ratio(series, unlimited);
    }

    public static Estimate RatioOfTotals(LabSeries series, LabSeries other) =>
        Statistics.RatioOfMedians(
            [.. series.Values(static sample => sample.Total)],
            [.. other.Values(static sample => sample.Total)]);

    /// <summary>The median warm invocation of each process that has any, in microseconds.</summary>
    public static List<double> WarmMedians(LabSeries series) =>
    [
        .. series.Samples
            .Where(static sample => sample.WarmMicroseconds.Count > 0)
            .Select(static sample => Statistics.Median(sample.WarmMicroseconds)),
    ];

    /// <summary>The cells of a table about the stages of a start and the process, up to its page faults.</summary>
    public static string[] ProcessCells(LabSeries series) =>
    [
        Median(series, static sample => sample.ExecToNext),
        Median(series, static sample => sample.NextToResponse),
        Percentile(series, 0.95, static sample => sample.NextToResponse),
        Median(series, static sample => sample.InvocationProcessor),
        Median(series, static sample => sample.Processor),
        Median(series, static sample => sample.PeakKib / 1024.0),
        Median(series, static sample => sample.Threads, 0),
    ];

    public static string Median(LabSeries series, Func<Sample, double?> metric, int digits = 2) => Percentile(series, 0.5, metric, digits);

    public static string Percentile(LabSeries series, double fraction, Func<Sample, double?> metric, int digits = 2) =>
        Number(Statistics.Percentile(series.Values(metric), fraction), digits);

    public static string Number(double value, int digits = 2) =>
        double.IsNaN(value) ? "–" : value.ToString("F" + digits, CultureInfo.InvariantCulture);

    public static string Number(Estimate estimate) => $"{Number(estimate.Value)} ({Number(estimate.Low)}–{Number(estimate.High)})";

    /// <summary>Every output format shows the same ratios, so each is resampled only once.</summary>
    private Estimate Ratio(LabSeries series, LabSeries other)
    {
        if (!_ratios.TryGetValue((series, other), out var ratio))
        {
            _ratios[(series, other)] = ratio = RatioOfTotals(series, other);
        }

        return ratio;
    }
}
