using System.Globalization;
using System.Text;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>storm.html: latency, the events of each second, and the calls compared with AWS's quotas.</summary>
internal static class HtmlStormReport
{
    private const string QuotaNote =
        "The quotas are those of EC2's categories, for one account and region. Service Quotas shows yours; Systems Manager publishes none. "
        + "The local AWS does not throttle: the last column compares the calls with the buckets.";

    public static string Write(StormReport report)
    {
        var body = new StringBuilder();
        AppendHeading(body, report);
        AppendCards(body, report);
        body.Append("<section><h2>Latency</h2>").Append(Ladder(report))
            .Append(LatencyTable(report)).Append("</section>");
        AppendSeconds(body, report);
        body.Append("<section><h2>Calls to AWS and its quotas</h2>").Append(QuotaTable(report))
            .Append("<p class=\"dim\">").Append(QuotaNote).Append("</p></section>");
        body.Append("<section><h2>How to repeat this</h2><p class=\"dim\">Processes, local servers and this measurement share ")
            .Append(report.Machine.Cores)
            .Append(" cores. The figures show how the function behaves under load, not how fast Lambda is.</p>")
            .Append(HtmlPage.Command(report.CommandLine)).Append("</section>");
        return HtmlPage.Wrap("Storm report", body.ToString());
    }

    private static void AppendHeading(StringBuilder body, StormReport report)
    {
        var (plan, machine) = (report.Plan, report.Machine);
        var description = $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture} · {machine.System}, Linux {machine.Kernel}"
            + $" · commit {machine.Commit} · {machine.At:yyyy-MM-dd HH:mm} UTC";
        var load = $"{plan.Rate:0.##} events a second ({report.ArrivalText}) for {plan.Duration.TotalSeconds:0} s, "
            + $"at most {plan.Concurrency} environments";
        body.Append("<h1>Storm: ").Append(HtmlPage.Encode(report.EventName)).Append("</h1><div class=\"dim\">")
            .Append(HtmlPage.Encode(description)).Append("<br>").Append(load).Append("</div>");
    }

    private static void AppendCards(StringBuilder body, StormReport report)
    {
        (string Figure, string Label)[] cards =
        [
            (Count(report.Total), "events"),
            (report.Share(report.Cold), $"cold: {report.Cold} of them"),
            (Count(report.Throttled), "throttled"),
            (Count(report.Failed), "failed"),
            (Count(report.Environments), $"environments started, at most {report.MaxBusy} busy at the same time"),
            ($"{StormReport.Percentile(report.Milliseconds(static _ => true), 0.99)} ms", "p99 latency"),
        ];
        body.Append("<div class=\"cards\">").AppendJoin("", cards.Select(static card => HtmlPage.Card(card.Figure, card.Label)));
        body.Append("</div>");
    }

    private static void AppendSeconds(StringBuilder body, StormReport report)
    {
        body.Append("<section><h2>Second by second</h2>")
            .Append(LineChart.ToSvg(
                "events and cold starts a second",
                report.Plan.Duration,
                ("events", 1, PerSecond(report, static _ => true)),
                ("cold", 2, PerSecond(report, static arrival => arrival.Init is not null)),
                ("throttled", 4, PerSecond(report, static arrival => arrival.Throttled))))
            .Append(LineChart.ToSvg(
                "latency, ms",
                report.Plan.Duration,
                ("p50", 1, LatencyPerSecond(report, 0.5)),
                ("p99", 2, LatencyPerSecond(report, 0.99))))
            .Append("</section>");
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static double[] PerSecond(StormReport report, Func<StormArrival, bool> matches)
    {
        var counts = new double[(int)Math.Ceiling(report.Plan.Duration.TotalSeconds)];
        foreach (var arrival in report.Arrivals.Where(matches))
        {
            counts[Math.Min((int)arrival.At.TotalSeconds, counts.Length - 1)]++;
        }

        return counts;
    }

    private static double[] LatencyPerSecond(StormReport report, double fraction)
    {
        var latencies = new double[(int)Math.Ceiling(report.Plan.Duration.TotalSeconds)];
        for (var second = 0; second < latencies.Length; second++)
        {
            latencies[second] = Statistics.Percentile(report.Milliseconds(arrival => (int)arrival.At.TotalSeconds == second), fraction);
        }

        return latencies;
    }

    private static string Ladder(StormReport report)
    {
        var bars = report.Latencies
            .Where(static entry => entry.Milliseconds.Count > 0)
            .Select(static entry => (
                Label: $"{entry.Name} ({entry.Milliseconds.Count})",
                Median: Statistics.Median(entry.Milliseconds),
                P99: Statistics.Percentile(entry.Milliseconds, 0.99)))
            .ToList();
        var plot = new Plot(bars.SelectMany(static bar => (double[])[bar.Median, bar.P99]));
        for (var i = 0; i < bars.Count; i++)
        {
            var (label, median, p99) = bars[i];
            plot.Bar(label, $"median {LabReport.Number(median, 1)} ms, p99 {LabReport.Number(p99, 1)} ms", i, [(0, median)], median, p99);
        }

        return plot.ToHtml("Latency", $"ms; {plot.Mark}: median, line: to p99");
    }

    private static string LatencyTable(StormReport report) => HtmlPage.Table(
        ["", "p50", "p95", "p99", "max"],
        report.Latencies.Select(static entry => (string[])[
            $"{HtmlPage.Encode(entry.Name)} ({entry.Milliseconds.Count})",
            .. ((double[])[0.5, 0.95, 0.99, 1]).Select(fraction => StormReport.Percentile(entry.Milliseconds, fraction)),
        ]));

    private static string QuotaTable(StormReport report) => HtmlPage.Table(
        ["", "total", "mean per second", "peak per second", "bucket, refill", "would be throttled"],
        report.Quotas.Select(static quota => (string[])[
            HtmlPage.Encode(quota.Operation),
            Text($"{quota.Calls}"),
            Text($"{quota.MeanPerSecond:0.0}"),
            Text($"{quota.PeakPerSecond:0}"),
            StormReport.Bucket(quota),
            quota.Size is null ? "" : Text($"<span class=\"{(quota.Refused > 0 ? "bad" : "")}\">{quota.Refused}</span>"),
        ]));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
