using System.Globalization;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>report.html of an experiment: medians under every limit, every sample, and the tables.</summary>
internal static class HtmlReport
{
    private const int Colors = 8;

    private const string ReadingGuide =
        "Lambda reports exec → next as Init Duration, and next → response as Duration. Ratios are ratios of medians to the first line. "
        + "A figure without p95 or p99 is a median. "
        + "The range in the comparison with FastTrigger is the 95 % interval of 2,000 bootstrap resamples over rounds. "
        + "A candidate is called faster or slower only where that range excludes 1. "
        + "Times depend on this machine; ratios carry over better.";

    public static string Write(LabReport report)
    {
        var body = new StringBuilder();
        AppendHeading(body, report);
        AppendCards(body, report);
        foreach (var (condition, series) in report.ByCondition)
        {
            var content = $"{Ladder(report, condition, series)}{Table(report, series)}";
            AppendSection(body, Title(condition), content);
        }

        foreach (var (condition, series) in report.ByCondition)
        {
            AppendSection(body, $"Every process: {Title(condition)}", Strips(report, condition, series));
        }

        AppendWarm(body, report);
        if (report.Stages.Count > 0)
        {
            AppendSection(body, "Stages of FastTrigger's start", Stages(report));
        }

        AppendSection(
            body,
            "How to read and repeat this",
            $"<p class=\"dim\">{ReadingGuide}</p>{HtmlPage.Command(report.CommandLine)}");
        return HtmlPage.Wrap("Cold start report", body.ToString());
    }

    private static string Title(Condition condition) => condition.Megabytes is null ? "No limit" : condition.Name;

    private static void AppendHeading(StringBuilder body, LabReport report)
    {
        var (plan, machine) = (report.Plan, report.Machine);
        var evict = plan.Evict ? ", files dropped from the page cache before each start" : "";
        var description = $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture} · {machine.System}, Linux {machine.Kernel}"
            + $" · commit {machine.Commit} · ";
        var at = machine.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        body.Append("<h1>Cold start: ").Append(HtmlPage.Encode(Path.GetFileName(plan.EventFile))).Append("</h1><div class=\"dim\">")
            .Append(HtmlPage.Encode(description)).Append(at).Append(" UTC<br>")
            .Append(plan.Count).Append(" fresh processes of each candidate in random order").Append(evict)
            .Append(" · limits: ").Append(HtmlPage.Encode(report.Limits)).Append("</div>");
    }

    private static void AppendSection(StringBuilder body, string title, string content) =>
        body.Append("<section><h2>").Append(HtmlPage.Encode(title)).Append("</h2>").Append(content).Append("</section>");

    private static void AppendCards(StringBuilder body, LabReport report)
    {
        body.Append("<div class=\"cards\">");
        foreach (var (condition, series) in report.ByCondition)
        {
            var own = series.First(one => one.Candidate.Name == ColdStartNames.FastTrigger);
            var total = LabReport.Median(own, static sample => sample.Total);
            body.Append(HtmlPage.Card($"{total} ms", $"FastTrigger, exec → response, {condition.Name}"));
        }

        body.Append("</div>");
    }

    private static string Ladder(LabReport report, Condition condition, IReadOnlyList<LabSeries> all)
    {
        var starts = all.SelectMany(static series => series.Values(static sample => sample.ExecToNext ?? sample.Total));
        var totals = all.SelectMany(static series => series.Values(static sample => sample.Total));
        var plot = new Plot(starts.Concat(totals));
        foreach (var series in all)
        {
            var estimate = Statistics.MedianWithInterval([.. series.Values(static sample => sample.Total)]);
            var next = Statistics.Median(series.Values(static sample => sample.ExecToNext));
            plot.Bar(
                series.Candidate.Name,
                $"{LabReport.Number(estimate.Value)} ms, ×{LabReport.Number(report.RatioToFirst(series).Value)}",
                Color(report, series),
                double.IsNaN(next) ? [(0, estimate.Value)] : [(0, next), (next, estimate.Value)],
                estimate.Low,
                estimate.High);
        }

        return plot.ToHtml(
            $"Median from exec to response, {condition.Name}",
            $"ms; {plot.Mark}: median from exec to response, dark: from exec to the first GET next, line: 95 % interval");
    }

    private static string Strips(LabReport report, Condition condition, IReadOnlyList<LabSeries> all)
    {
        var plot = new Plot(all.SelectMany(static series => series.Values(static sample => sample.Total)));
        foreach (var series in all)
        {
            var values = series.Values(static sample => sample.Total).ToList();
            var p95 = LabReport.Percentile(series, 0.95, static sample => sample.Total);
            var p99 = LabReport.Percentile(series, 0.99, static sample => sample.Total);
            plot.Strip(series.Candidate.Name, $"p95 {p95} ms, p99 {p99} ms", Color(report, series), values, Statistics.Median(values));
        }

        return plot.ToHtml($"Every process, {condition.Name}", "ms from exec to response; point: a process, line: the median");
    }

    private static string Table(LabReport report, IReadOnlyList<LabSeries> all)
    {
        string[] columns =
        [
            "", LabReport.ExecToResponse, $"p95 {LabReport.ExecToResponse}", "× first", "vs FastTrigger",
            LabReport.ExecToNext, LabReport.NextToResponse, $"p95 {LabReport.NextToResponse}",
            "invocation CPU", "total CPU", "peak MiB", "threads", "faults",
        ];
        return HtmlPage.Table(columns, all.Select(series => (string[])[
            HtmlPage.Encode(series.Candidate.Name),
            LabReport.Median(series, static sample => sample.Total),
            LabReport.Percentile(series, 0.95, static sample => sample.Total),
            LabReport.Number(report.RatioToFirst(series).Value),
            report.Comparison(series),
            .. LabReport.ProcessCells(series),
            LabReport.Median(series, static sample => sample.MinorFaults, 0),
        ]));
    }

    private static string Stages(LabReport report)
    {
        var plot = new Plot(report.Stages.Select(static stage => stage.Microseconds).Append(0));
        foreach (var (stage, microseconds) in report.Stages)
        {
            plot.Bar(stage, $"{LabReport.Number(microseconds, 0)} µs", 1, [(0, microseconds)], microseconds, microseconds);
        }

        return plot.ToHtml("Stages", $"µs; {plot.Mark}: the median");
    }

    private static void AppendWarm(StringBuilder body, LabReport report)
    {
        if (report.Warm.Count == 0)
        {
            return;
        }

        var bars = report.Warm.ConvertAll(static series =>
        {
            var all = series.Samples.SelectMany(static sample => sample.WarmMicroseconds).ToList();
            return (Series: series, Median: Statistics.Median(all), P99: Statistics.Percentile(all, 0.99));
        });
        var plot = new Plot(bars.SelectMany(static bar => (double[])[bar.Median, bar.P99]));
        foreach (var (series, median, p99) in bars)
        {
            var figure = $"median {LabReport.Number(median, 1)} µs, p99 {LabReport.Number(p99, 1)} µs";
            plot.Bar(series.Candidate.Name, figure, Color(report, series), [(0, median)], median, p99);
        }

        var unit = $"µs from the answer to GET next until POST response; {plot.Mark}: median, line: to p99";
        var svg = plot.ToHtml("Warm invocations", unit);
        var endpoint = report.EndpointMicroseconds is { } value
            ? $"<p class=\"dim\">One signed CreateTags over an open connection takes the local AWS {LabReport.Number(value, 1)} µs.</p>"
            : "";
        AppendSection(body, "Warm invocations", svg + endpoint);
    }

    private static int Color(LabReport report, LabSeries series)
    {
        for (var i = 0; i < report.Plan.Candidates.Count; i++)
        {
            if (report.Plan.Candidates[i] == series.Candidate)
            {
                return i % Colors;
            }
        }

        return 0;
    }
}

internal static class ColdStartNames
{
    public const string FastTrigger = "FastTrigger", Floor = "floor (static C)";
}
