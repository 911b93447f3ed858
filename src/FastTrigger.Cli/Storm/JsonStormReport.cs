using System.Globalization;
using System.Text.Json.Nodes;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>storm.json: the figures of a storm and every sample.</summary>
internal static class JsonStormReport
{
    public static JsonObject Write(StormReport report) => new()
    {
        ["schema"] = 2,
        ["explanation"] = report.Explain(report.Main),
        ["verdict"] = report.Verdict,
        ["onceEach"] = report.IsWhole,
        ["at"] = report.Machine.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["command"] = report.CommandLine,
        ["machine"] = report.Machine.ToJson(),
        ["commit"] = report.Machine.Commit,
        ["event"] = report.EventName,
        ["rate"] = report.Plan.Rate,
        ["seconds"] = report.Plan.Duration.TotalSeconds,
        ["arrivals"] = report.Plan.Arrivals.ToString().ToLowerInvariant(),
        ["memory"] = report.Scenario.Memory,
        ["instances"] = report.Main.Effects.Instances,
        ["notes"] = new JsonArray([.. report.Notes.Select(static note => (JsonNode)note)]),
        ["sampleColumns"] = new JsonArray("arrival s", "whole ms", "waiting ms", "start ms", "work ms", "between attempts ms", "error"),
        ["runs"] = new JsonArray([.. report.Results.Select(result => WriteRun(report, result))]),
    };

    private static JsonObject WriteRun(StormReport report, StormResult result)
    {
        var parts = result.MedianParts();
        return new JsonObject
        {
            ["name"] = result.Variant.Name,
            ["explanation"] = report.Explain(result),
            ["concurrency"] = result.Variant.Environments,
            ["startedBefore"] = result.Variant.Ahead,
            ["batchSize"] = result.Variant.Queue?.BatchSize,
            ["events"] = result.Events.Count,
            ["cold"] = result.Cold,
            ["environments"] = result.Environments,
            ["maxBusy"] = result.MaxBusy,
            ["throttledAtLimit"] = result.ThrottledAtLimit,
            ["throttledByScaling"] = result.ThrottledByScaling,
            ["failedAttempts"] = result.Failures,
            ["lost"] = result.Lost,
            ["missing"] = result.Effects.Never,
            ["twice"] = result.Effects.Twice,
            ["seconds"] = Math.Round(result.Duration.TotalSeconds, 3),
            ["lastTaggedSeconds"] = result.Effects.LastTagged is { } last ? Math.Round(last.TotalSeconds, 3) : null,
            ["wholeMs"] = WriteLatency(result.Milliseconds(static settled => settled.Whole)),
            ["functionMs"] = WriteLatency(result.Milliseconds(static settled => settled.Work)),
            ["medianMs"] = new JsonObject
            {
                ["whole"] = Rounded(parts.Whole),
                ["waiting"] = Rounded(parts.Waiting),
                ["start"] = Rounded(parts.Start),
                ["work"] = Rounded(parts.Work),
                ["betweenAttempts"] = Rounded(parts.Retrying),
            },
            ["effects"] = new JsonArray([.. result.Effects.Operations.Select(WriteEffect)]),
            ["awsCalls"] = new JsonArray([.. result.Calls.Select(WriteCall)]),
            ["cost"] = WriteCost(result.Cost, report.Scenario.Prices),
            ["samples"] = new JsonArray([.. result.Events.Select(WriteSample)]),
        };
    }

    private static JsonObject WriteLatency(List<double> milliseconds) => new()
    {
        ["p50"] = Rounded(Statistics.Percentile(milliseconds, 0.5)),
        ["p95"] = Rounded(Statistics.Percentile(milliseconds, 0.95)),
        ["p99"] = Rounded(Statistics.Percentile(milliseconds, 0.99)),
        ["max"] = Rounded(Statistics.Percentile(milliseconds, 1)),
    };

    private static JsonNode WriteEffect(StormEffect effect) => new JsonObject
    {
        ["operation"] = effect.Operation,
        ["done"] = effect.Done,
        ["never"] = effect.Never,
        ["twice"] = effect.Twice,
        ["repeatedWithoutEffect"] = effect.Repeated,
        ["lastSeconds"] = Math.Round(effect.Last.TotalSeconds, 3),
    };

    private static JsonNode WriteCall(CallCount call) => new JsonObject
    {
        ["operation"] = call.Operation,
        ["calls"] = call.Made,
        [call.IsEnforced || call.Quota is null ? "throttled" : "wouldBeThrottled"] = call.Throttled,
        ["refusedOtherwise"] = call.Refused,
        ["retried"] = call.Retried,
        ["peakPerSecond"] = call.PeakPerSecond,
        ["bucket"] = call.Quota?.Bucket,
        ["refillPerSecond"] = call.Quota?.RefillPerSecond,
        ["source"] = call.Quota?.Source,
    };

    private static JsonObject WriteCost(StormCost cost, ScenarioPrices? prices) => new()
    {
        ["requests"] = cost.Requests,
        ["gbSeconds"] = Math.Round(cost.GbSeconds, 6),
        ["queueRequests"] = cost.QueueRequests,
        ["price"] = cost.Price,
        ["currency"] = prices?.Currency,
        ["prices"] = prices?.Source,
    };

    private static JsonNode WriteSample(StormEvent settled) => new JsonArray(
        Math.Round(settled.At.TotalSeconds, 4),
        Rounded(settled.Whole.TotalMilliseconds),
        Rounded(settled.Waiting.TotalMilliseconds),
        Rounded(settled.Start.TotalMilliseconds),
        Rounded(settled.Work.TotalMilliseconds),
        Rounded(settled.Retrying.TotalMilliseconds),
        settled.Error);

    private static double? Rounded(double value) => double.IsNaN(value) ? null : Math.Round(value, 3);
}
