using System.Globalization;
using System.Text.Json.Nodes;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>storm.json: the figures of a storm and every sample.</summary>
internal static class JsonStormReport
{
    public static JsonObject Write(StormReport report) => new()
    {
        ["schema"] = 1,
        ["at"] = report.Machine.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["command"] = report.CommandLine,
        ["machine"] = report.Machine.ToJson(),
        ["commit"] = report.Machine.Commit,
        ["event"] = report.EventName,
        ["rate"] = report.Plan.Rate,
        ["seconds"] = report.Plan.Duration.TotalSeconds,
        ["arrivals"] = report.Plan.Arrivals.ToString().ToLowerInvariant(),
        ["concurrency"] = report.Plan.Concurrency,
        ["events"] = report.Total,
        ["cold"] = report.Cold,
        ["throttled"] = report.Throttled,
        ["failed"] = report.Failed,
        ["environments"] = report.Environments,
        ["mostBusy"] = report.MaxBusy,
        ["latencyMs"] = new JsonObject(
            report.Latencies.Select(static entry => KeyValuePair.Create(entry.Name, (JsonNode?)WriteLatency(entry.Milliseconds)))),
        ["awsCalls"] = new JsonArray([.. report.Quotas.Select(WriteQuota)]),
        ["samples"] = new JsonArray([.. report.Arrivals.Select(WriteSample)]),
    };

    private static JsonObject WriteLatency(List<double> milliseconds) => new JsonObject
    {
        ["p50"] = Rounded(milliseconds, 0.5),
        ["p95"] = Rounded(milliseconds, 0.95),
        ["p99"] = Rounded(milliseconds, 0.99),
        ["max"] = Rounded(milliseconds, 1),
    };

    private static JsonNode WriteQuota(CallQuota quota) => new JsonObject
    {
        ["operation"] = quota.Operation,
        ["calls"] = quota.Calls,
        ["peakPerSecond"] = quota.PeakPerSecond,
        ["meanPerSecond"] = Math.Round(quota.MeanPerSecond, 2),
        ["bucket"] = quota.Size,
        ["refillPerSecond"] = quota.Refill,
        ["wouldBeThrottled"] = quota.Size is null ? null : quota.Refused,
    };

    private static JsonNode WriteSample(StormArrival arrival) => new JsonArray(
        Math.Round(arrival.At.TotalSeconds, 4),
        Math.Round(arrival.Latency.TotalMilliseconds, 3),
        arrival.Init is { } init ? Math.Round(init.TotalMilliseconds, 3) : null,
        arrival.Error);

    private static double? Rounded(List<double> values, double fraction) =>
        values.Count == 0 ? null : Math.Round(Statistics.Percentile(values, fraction), 3);
}
