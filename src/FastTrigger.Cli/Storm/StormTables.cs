using System.Globalization;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>A table of the report. The first column has names, and the others have figures.</summary>
internal sealed record StormTable(string Title, IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>The tables of a storm, the same in every format.</summary>
internal static class StormTables
{
    private static readonly double[] s_fractions = [0.5, 0.95, 0.99];

    public static IReadOnlyList<StormTable> Of(StormReport report)
    {
        var tables = new List<StormTable> { Latencies(report), Parts(report), Deliveries(report) };
        if (report.Main.Effects.Instances > 0)
        {
            tables.Add(Effects(report));
        }

        tables.Add(Calls(report));
        tables.Add(Costs(report));
        return tables;
    }

    private static StormTable Latencies(StormReport report) => new(
        "Milliseconds of each run: the whole from arrival to answer, and the function alone",
        ["", "whole p50", "p95", "p99", "function p50", "p95", "p99"],
        [.. report.Results.Select(static result => (string[])[
            result.Variant.Name,
            .. Percentiles(result, static settled => settled.Whole),
            .. Percentiles(result, static settled => settled.Work),
        ])]);

    private static StormTable Parts(StormReport report) => new(
        "Where the median of each run goes, milliseconds",
        ["", "whole", "waiting for an environment", "its start", "work", "between attempts"],
        [.. report.Results.Select(static result =>
        {
            var parts = result.MedianParts();
            return (string[])[
                result.Variant.Name,
                Number(parts.Whole),
                Number(parts.Waiting),
                Number(parts.Start),
                Number(parts.Work),
                Number(parts.Retrying),
            ];
        })]);

    private static StormTable Deliveries(StormReport report) => new(
        "Deliveries",
        ["", "events", "cold", "environments", "busy at most", "throttled attempts", "failed attempts", "lost", "seconds"],
        [.. report.Results.Select(static result => (string[])[
            result.Variant.Name,
            Number(result.Events.Count, 0),
            Number(result.Cold, 0),
            Number(result.Environments, 0),
            Number(result.MaxBusy, 0),
            Number(result.ThrottledAtLimit + result.ThrottledByScaling, 0),
            Number(result.Failures, 0),
            Number(result.Lost, 0),
            Number(result.Duration.TotalSeconds),
        ])]);

    private static StormTable Effects(StormReport report) => new(
        "Instances, counted at the local AWS",
        ["", "operation", "instances", "done", "never", "twice", "repeated without effect", "last after, s"],
        [.. report.Results.SelectMany(static result => result.Effects.Operations.Select(effect => (string[])[
            result.Variant.Name,
            effect.Operation,
            Number(result.Effects.Instances, 0),
            Number(effect.Done, 0),
            Number(effect.Never, 0),
            Number(effect.Twice, 0),
            Number(effect.Repeated, 0),
            Number(effect.Last.TotalSeconds),
        ]))]);

    private static StormTable Calls(StormReport report) => new(
        "Calls of AWS",
        ["", "operation", "made", "throttled", "refused otherwise", "retried", "peak a second", "bucket, refill a second", "source"],
        [.. report.Results.SelectMany(static result => result.Calls.Select(call => (string[])[
            result.Variant.Name,
            call.Operation,
            Number(call.Made, 0),
            call.Quota is null || call.IsEnforced ? Number(call.Throttled, 0) : $"(would be {call.Throttled})",
            Number(call.Refused, 0),
            Number(call.Retried, 0),
            Number(call.PeakPerSecond, 0),
            Bucket(call),
            call.Quota?.Source ?? "",
        ]))]);

    private static StormTable Costs(StormReport report)
    {
        var prices = report.Scenario.Prices;
        var assumed = prices is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"; assumed prices in {prices.Currency}: {prices.MillionRequests} a million requests, "
                + $"{prices.GbSecond:0.############} a GB-second, {prices.MillionQueueRequests} a million requests of SQS")
                + (prices.Source.Length > 0 ? $" ({prices.Source})" : "");
        return new(
            $"What is billed, with {report.Scenario.Memory} MB, INIT included{assumed}",
            [
                "",
                "requests of Lambda",
                "GB-seconds",
                "requests of SQS",
                .. prices is null ? (string[])[] : [$"{prices.Currency} for this storm", "a million events"],
            ],
            [.. report.Results.Select(result => (string[])[
                result.Variant.Name,
                Number(result.Cost.Requests, 0),
                Number(result.Cost.GbSeconds, 4),
                Number(result.Cost.QueueRequests, 0),
                .. result.Cost.Price is not { } price
                    ? (string[])[]
                    : [Number(price, 6), Number(price / Math.Max(1, result.Events.Count) * 1_000_000, 2)],
            ])]);
    }

    private static string Bucket(CallCount call) => call.Quota is { } quota
        ? string.Create(CultureInfo.InvariantCulture, $"{quota.Bucket:0.##}, {quota.RefillPerSecond:0.##}")
            + (call.IsEnforced ? "" : " (not enforced)")
        : "not limited";

    private static IEnumerable<string> Percentiles(StormResult result, Func<StormEvent, TimeSpan> part)
    {
        var values = result.Milliseconds(part);
        return s_fractions.Select(fraction => Number(Statistics.Percentile(values, fraction)));
    }

    private static string Number(double value, int digits = 1) => LabReport.Number(value, digits);
}
