using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.ColdStart;

/// <summary>report.json of an experiment: every sample, the medians and the ratios.</summary>
internal static class JsonReport
{
    public static JsonObject Write(LabReport report) => new()
    {
        ["schema"] = 1,
        ["at"] = report.Machine.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["command"] = report.CommandLine,
        ["machine"] = report.Machine.ToJson(),
        ["commit"] = report.Machine.Commit,
        ["event"] = Path.GetFileName(report.Plan.EventFile),
        ["routes"] = Path.GetFileName(report.Plan.RoutesFile),
        ["count"] = report.Plan.Count,
        ["evict"] = report.Plan.Evict,
        ["limits"] = report.Limits,
        ["endpointUs"] = report.EndpointMicroseconds is { } endpoint ? Math.Round(endpoint, 1) : null,
        ["stagesUs"] = report.Stages.Count == 0 ? null : WriteStages(report.Stages),
        ["results"] = new JsonArray([.. report.Series.Select(series => WriteSeries(report, series))]),
    };

    private static JsonObject WriteStages(IReadOnlyList<(string Stage, double Microseconds)> stages) =>
        new(stages.Select(static stage => KeyValuePair.Create(stage.Stage, (JsonNode?)Rounded(stage.Microseconds))));

    private static JsonObject WriteSeries(LabReport report, LabSeries series)
    {
        var samples = series.Samples;
        var isOwn = series.Candidate.Name == ColdStartNames.FastTrigger;
        var result = new JsonObject
        {
            ["candidate"] = series.Candidate.Name,
            ["condition"] = series.Condition.Name,
            ["memoryMb"] = series.Condition.Megabytes,
            ["initBoost"] = series.Condition.InitBoost,
            ["sliceSpent"] = series.Condition.SliceSpent,
            ["medianMs"] = Rounded(Statistics.Median(series.Values(static sample => sample.Total))),
            ["ratioToFirst"] = WriteEstimate(report.RatioToFirst(series)),
            ["ratioToFastTrigger"] = WriteEstimate(report.RatioToOwn(series)),
            ["besideFastTrigger"] = isOwn ? null : Statistics.Verdict(report.RatioToOwn(series)),
            ["execToResponseMs"] = WriteSamples(samples, static sample => sample.Total),
        };
        Add("execToNextMs", static sample => sample.ExecToNext);
        Add("nextToResponseMs", static sample => sample.NextToResponse);
        Add("invocationCpuMs", static sample => sample.InvocationProcessor);
        Add("cpuMs", static sample => sample.Processor);
        Add("peakKib", static sample => sample.PeakKib);
        Add("threads", static sample => sample.Threads);
        Add("minorFaults", static sample => sample.MinorFaults);
        Add("majorFaults", static sample => sample.MajorFaults);
        if (LabReport.WarmMedians(series) is { Count: > 0 } warm)
        {
            result["warmUsMedian"] = Rounded(Statistics.Median(warm));
            result["warmUs"] = new JsonArray([.. warm.Select(static value => (JsonNode)Rounded(value))]);
        }

        return result;

        void Add(string name, Func<Sample, double?> metric)
        {
            if (samples.Exists(sample => metric(sample) is not null))
            {
                result[name] = WriteSamples(samples, metric);
            }
        }
    }

    private static JsonObject WriteEstimate(Estimate estimate) => new()
    {
        ["value"] = Rounded(estimate.Value),
        ["low"] = Rounded(estimate.Low),
        ["high"] = Rounded(estimate.High),
    };

    private static JsonArray WriteSamples(List<Sample> samples, Func<Sample, double?> metric) =>
        [.. samples.Select(sample => metric(sample) is { } value ? (JsonNode)Rounded(value) : null)];

    private static double Rounded(double value) => double.IsNaN(value) ? 0 : Math.Round(value, 4);
}
