using System.Globalization;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>report.html of an experiment: the ladder of every limit, every sample, and the tables.</summary>
internal static class HtmlReport
{
    private const int Colors = 8;

    public static string Write(LabReport report)
    {
        var body = new StringBuilder();
        var machine = report.Machine;
        body.Append(CultureInfo.InvariantCulture, $"<h1>Cold start: {HtmlPage.Encode(Path.GetFileName(report.Plan.EventFile))}</h1><div class=\"dim\">{HtmlPage.Encode(machine.Processor)}, {machine.Cores} cores, {machine.Architecture} · {HtmlPage.Encode(machine.System)}, Linux {HtmlPage.Encode(machine.Kernel)} · commit {HtmlPage.Encode(machine.Commit)} · {machine.At:yyyy-MM-dd HH:mm} UTC<br>{report.Plan.Count} fresh processes of each, in interleaved order{(report.Plan.Evict ? ", files dropped from the page cache before each" : "")} · limits: {HtmlPage.Encode(report.Limits)}</div>");
        AppendCards(body, report);
        foreach (var (condition, series) in report.ByCondition)
        {
            body.Append(CultureInfo.InvariantCulture, $"<section><h2>{HtmlPage.Encode(Title(condition))}</h2>{Ladder(report, condition, series)}");
            body.Append("<div class=\"scroll\">").Append(Table(report, series)).Append("</div></section>");
        }

        foreach (var (condition, series) in report.ByCondition)
        {
            body.Append(CultureInfo.InvariantCulture, $"<section><h2>Every process: {HtmlPage.Encode(Title(condition))}</h2>{Strips(report, condition, series)}</section>");
        }

        AppendWarm(body, report);
        if (report.Stages.Count > 0)
        {
            var plot = new Plot(report.Stages.Select(static stage => stage.Microseconds).Append(0));
            foreach (var (stage, microseconds) in report.Stages)
            {
                plot.Bar(stage, $"{LabReport.Number(microseconds, 0)} µs", 1, [(0, microseconds)], microseconds, microseconds);
            }

            body.Append(CultureInfo.InvariantCulture, $"<section><h2>Stages of FastTrigger's start</h2>{plot.ToSvg("Stages", "µs, median")}</section>");
        }

        body.Append(CultureInfo.InvariantCulture, $"<section><h2>How to read this, and how to repeat it</h2><p class=\"dim\">exec → next is what Lambda reports as Init Duration, next → response what it reports as Duration. Ratios are of medians, × to the first line; the range beside FastTrigger is the 95 % interval of 2,000 bootstrap resamples over rounds, and something is called faster or slower only where that range leaves out 1. Figures are of this machine; ratios carry further.</p><pre>{HtmlPage.Encode(report.CommandLine)}</pre></section>");
        return HtmlPage.Wrap("Cold start report", body.ToString());
    }

    private static string Title(Condition condition) => condition.Megabytes is null ? "No limit" : condition.Name;

    private static void AppendCards(StringBuilder body, LabReport report)
    {
        body.Append("<div class=\"cards\">");
        foreach (var (condition, series) in report.ByCondition)
        {
            var own = series.First(one => one.Candidate.Name == ColdStartNames.FastTrigger);
            var total = Statistics.Median(own.Values(static sample => sample.Total));
            body.Append(HtmlPage.Card($"{LabReport.Number(total)} ms", $"FastTrigger, exec → response, {condition.Name}"));
        }

        body.Append("</div>");
    }

    private static string Ladder(LabReport report, Condition condition, IReadOnlyList<LabSeries> all)
    {
        var plot = new Plot(all.SelectMany(static series => series.Values(static sample => sample.ExecToNext ?? sample.Total).Concat(series.Values(static sample => sample.Total))));
        foreach (var series in all)
        {
            var estimate = Statistics.MedianWithInterval([.. series.Values(static sample => sample.Total)]);
            var next = Statistics.Median(series.Values(static sample => sample.ExecToNext));
            plot.Bar(
                series.Candidate.Name,
                $"{LabReport.Number(estimate.Value)} ms  ×{LabReport.Number(report.RatioToFirst(series).Value)}",
                Color(report, series),
                double.IsNaN(next) ? [(0, estimate.Value)] : [(0, next), (next, estimate.Value)],
                estimate.Low,
                estimate.High);
        }

        return plot.ToSvg($"Median from exec to response, {condition.Name}", "ms from exec to response; dark: to the first GET next");
    }

    private static string Strips(LabReport report, Condition condition, IReadOnlyList<LabSeries> all)
    {
        var plot = new Plot(all.SelectMany(static series => series.Values(static sample => sample.Total)));
        foreach (var series in all)
        {
            var values = series.Values(static sample => sample.Total).ToList();
            plot.Strip(series.Candidate.Name, $"p95 {LabReport.Number(Statistics.Percentile(values, 0.95))}  p99 {LabReport.Number(Statistics.Percentile(values, 0.99))}", Color(report, series), values, Statistics.Median(values));
        }

        return plot.ToSvg($"Every process, {condition.Name}", "ms from exec to response");
    }

    private static string Table(LabReport report, IReadOnlyList<LabSeries> all)
    {
        var text = new StringBuilder("<table><tr><th></th><th>median</th><th>× first</th><th>beside FastTrigger</th><th>exec → next</th><th>next → response</th><th>p95</th><th>CPU of it</th><th>CPU in all</th><th>peak MiB</th><th>threads</th><th>faults</th></tr>");
        foreach (var series in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{HtmlPage.Encode(series.Candidate.Name)}</td><td>{Median(series, static sample => sample.Total)}</td><td>{LabReport.Number(report.RatioToFirst(series).Value)}</td><td>{report.Beside(series)}</td>");
            text.Append(CultureInfo.InvariantCulture, $"<td>{Median(series, static sample => sample.ExecToNext)}</td><td>{Median(series, static sample => sample.NextToResponse)}</td><td>{LabReport.Number(Statistics.Percentile(series.Values(static sample => sample.NextToResponse), 0.95))}</td><td>{Median(series, static sample => sample.InvocationProcessor)}</td><td>{Median(series, static sample => sample.Processor)}</td>");
            text.Append(CultureInfo.InvariantCulture, $"<td>{Median(series, static sample => sample.PeakKib / 1024.0)}</td><td>{Median(series, static sample => sample.Threads, 0)}</td><td>{Median(series, static sample => sample.MinorFaults, 0)}</td></tr>");
        }

        return text.Append("</table>").ToString();
    }

    private static void AppendWarm(StringBuilder body, LabReport report)
    {
        var warm = report.ByCondition.SelectMany(static entry => entry.Series).Where(static series => series.Samples.Exists(static sample => sample.WarmMicroseconds.Count > 0)).ToList();
        if (warm.Count == 0)
        {
            return;
        }

        var medians = warm.ConvertAll(static series => (Series: series, All: series.Samples.SelectMany(static sample => sample.WarmMicroseconds).ToList()));
        var plot = new Plot(medians.SelectMany(static entry => (double[])[Statistics.Median(entry.All), Statistics.Percentile(entry.All, 0.99)]));
        foreach (var (series, all) in medians)
        {
            var median = Statistics.Median(all);
            plot.Bar(series.Candidate.Name, $"{LabReport.Number(median, 1)} µs  p99 {LabReport.Number(Statistics.Percentile(all, 0.99), 1)}", Color(report, series), [(0, median)], median, Statistics.Percentile(all, 0.99));
        }

        body.Append(CultureInfo.InvariantCulture, $"<section><h2>Warm invocations</h2>{plot.ToSvg("Warm invocations", "µs from the answer of GET next to POST response; line: to p99")}");
        if (report.EndpointMicroseconds is { } endpoint)
        {
            body.Append(CultureInfo.InvariantCulture, $"<p class=\"dim\">The local AWS itself takes {LabReport.Number(endpoint, 1)} µs for one signed CreateTags over an open connection.</p>");
        }

        body.Append("</section>");
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

    private static string Median(LabSeries series, Func<Sample, double?> metric, int digits = 2) => LabReport.Number(Statistics.Median(series.Values(metric)), digits);
}

internal static class ColdStartNames
{
    public const string FastTrigger = "FastTrigger", Floor = "floor (static C)";
}
