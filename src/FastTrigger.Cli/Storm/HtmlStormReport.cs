using System.Globalization;
using System.Text;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>storm.html: what the median consists of and why, its latencies second by second, and the tables of all runs.</summary>
internal static class HtmlStormReport
{
    public static string Write(StormReport report)
    {
        var body = new StringBuilder();
        AppendHeading(body, report);
        AppendCards(body, report);
        body.Append("<section><h2>Latency of each run</h2>").Append(Ladder(report)).Append("</section>");
        AppendSeconds(body, report);
        foreach (var table in report.Tables)
        {
            body.Append("<section><h2>").Append(HtmlPage.Encode(table.Title)).Append("</h2>")
                .Append(HtmlPage.Table(table.Headings, table.Rows.Select(static row => (string[])[.. row.Select(HtmlPage.Encode)])))
                .Append("</section>");
        }

        body.Append("<section><h2>Each run in a sentence</h2>");
        foreach (var result in report.Results)
        {
            body.Append("<p><b>").Append(HtmlPage.Encode(result.Variant.Name)).Append("</b>: ")
                .Append(HtmlPage.Encode(report.Explain(result))).Append("</p>");
        }

        body.Append("</section><section><h2>What is real, and how to repeat it</h2>");
        foreach (var note in report.Notes)
        {
            body.Append("<p class=\"dim\">").Append(HtmlPage.Encode(note)).Append("</p>");
        }

        body.Append(HtmlPage.Command(report.CommandLine)).Append("</section>");
        return HtmlPage.Wrap("Storm report", body.ToString());
    }

    private static void AppendHeading(StringBuilder body, StormReport report)
    {
        var machine = report.Machine;
        var description = $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture} · {machine.System}, Linux {machine.Kernel}"
            + $" · commit {machine.Commit} · {machine.At:yyyy-MM-dd HH:mm} UTC";
        body.Append("<h1>Storm: ").Append(HtmlPage.Encode(report.EventName)).Append("</h1><p>")
            .Append(HtmlPage.Encode(report.Explain(report.Main))).Append("</p><p class=\"").Append(report.IsWhole ? "good" : "bad")
            .Append("\">").Append(HtmlPage.Encode(report.Verdict)).Append("</p><div class=\"dim\">")
            .Append(HtmlPage.Encode(description)).Append("<br>")
            .Append(HtmlPage.Encode($"{report.Load}; {report.Main.Variant.Name} environments")).Append("</div>");
    }

    private static void AppendCards(StringBuilder body, StormReport report)
    {
        var main = report.Main;
        (string Figure, string Label)[] cards =
        [
            (Count(main.Events.Count), "events"),
            (Count(main.Cold), "needed a new environment"),
            (Count(main.ThrottledAtLimit + main.ThrottledByScaling), "attempts found no environment"),
            (Count(main.ThrottledCalls), "calls of AWS throttled"),
            (Count(main.Lost), "lost"),
            ($"{LabReport.Number(Statistics.Percentile(main.Milliseconds(static settled => settled.Whole), 0.99), 1)} ms", "p99 latency"),
        ];
        body.Append("<div class=\"cards\">").AppendJoin("", cards.Select(static card => HtmlPage.Card(card.Figure, card.Label)));
        body.Append("</div>");
    }

    private static void AppendSeconds(StringBuilder body, StormReport report)
    {
        var (main, plan) = (report.Main, report.Plan);
        body.Append("<section><h2>Second by second</h2>")
            .Append(LineChart.ToSvg(
                "events that arrive a second, and those that need a new environment",
                plan.Duration,
                ("events", 1, PerSecond(main, plan, static _ => true)),
                ("cold", 2, PerSecond(main, plan, static settled => settled.IsCold)),
                ("throttled", 4, PerSecond(main, plan, static settled => settled.Throttled > 0))))
            .Append(LineChart.ToSvg(
                "latency by arrival, ms",
                plan.Duration,
                ("p50", 1, LatencyPerSecond(main, plan, 0.5)),
                ("p99", 2, LatencyPerSecond(main, plan, 0.99))))
            .Append("</section>");
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static double[] PerSecond(StormResult result, StormPlan plan, Func<StormEvent, bool> matches)
    {
        var counts = new double[(int)Math.Ceiling(plan.Duration.TotalSeconds)];
        foreach (var settled in result.Events.Where(matches))
        {
            counts[Math.Min((int)settled.At.TotalSeconds, counts.Length - 1)]++;
        }

        return counts;
    }

    private static double[] LatencyPerSecond(StormResult result, StormPlan plan, double fraction)
    {
        var latencies = new double[(int)Math.Ceiling(plan.Duration.TotalSeconds)];
        var seconds = result.Events.Where(static settled => settled.Error is null).ToLookup(static settled => (int)settled.At.TotalSeconds);
        for (var second = 0; second < latencies.Length; second++)
        {
            latencies[second] = Statistics.Percentile(seconds[second].Select(static settled => settled.Whole.TotalMilliseconds), fraction);
        }

        return latencies;
    }

    private static string Ladder(StormReport report)
    {
        var bars = report.Results
            .SelectMany(static result => ((string, List<double>)[])[
                (result.Variant.Name, result.Milliseconds(static settled => settled.Whole)),
                ($"{result.Variant.Name}: the function alone", result.Milliseconds(static settled => settled.Work)),
            ])
            .Where(static bar => bar.Item2.Count > 0)
            .Select(static bar => (Label: bar.Item1, Median: Statistics.Median(bar.Item2), P99: Statistics.Percentile(bar.Item2, 0.99)))
            .ToList();
        var plot = new Plot(bars.SelectMany(static bar => (double[])[bar.Median, bar.P99]));
        for (var i = 0; i < bars.Count; i++)
        {
            var (label, median, p99) = bars[i];
            plot.Bar(label, $"median {LabReport.Number(median, 1)} ms, p99 {LabReport.Number(p99, 1)} ms", i, [(0, median)], median, p99);
        }

        return plot.ToHtml("Latency", $"ms; {plot.Mark}: median, line: to p99");
    }
}
