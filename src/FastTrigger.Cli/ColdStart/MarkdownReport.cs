using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>report.md of an experiment: one table for each condition, warm invocations and stages.</summary>
internal static class MarkdownReport
{
    public static string Write(LabReport report)
    {
        var text = new StringBuilder();
        AppendHeading(text, report);
        foreach (var (condition, all) in report.ByCondition)
        {
            AppendTable(text, report, condition, all);
        }

        AppendWarm(text, report);
        if (report.Stages.Count > 0)
        {
            text.Append("\n## Stages of FastTrigger's start\n\n| stage | µs |\n|---|--:|\n");
            foreach (var (stage, microseconds) in report.Stages)
            {
                AppendLine(text, $"| {stage} | {LabReport.Number(microseconds, 0)} |");
            }
        }

        return text.ToString();
    }

    private static void AppendHeading(StringBuilder text, LabReport report)
    {
        var (plan, machine) = (report.Plan, report.Machine);
        var evict = plan.Evict ? ", files dropped from the page cache before each start" : "";
        AppendLine(text, $"# Cold start: {Path.GetFileName(plan.EventFile)}\n");
        AppendLine(
            text,
            $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.System}, "
            + $"Linux {machine.Kernel}; commit {machine.Commit}; {machine.At:yyyy-MM-dd}.");
        AppendLine(text, $"{plan.Count} fresh processes of each candidate in random order{evict}; limits: {report.Limits}.\n");
        AppendLine(text, $"    {report.CommandLine}\n");
        text.Append("Times are in milliseconds; without p95 or p99 they are medians. Ratios are ratios of medians. The comparison with\n");
        text.Append("FastTrigger has the 95 % bootstrap interval over rounds. An interval that contains 1 shows no difference.\n");
    }

    private static void AppendTable(StringBuilder text, LabReport report, Condition condition, IReadOnlyList<LabSeries> all)
    {
        var limited = condition.Megabytes is not null;
        AppendLine(text, $"\n## {char.ToUpperInvariant(condition.Name[0])}{condition.Name[1..]}\n");
        AppendLine(
            text,
            $"| | {LabReport.ExecToResponse} | p95 {LabReport.ExecToResponse} | p99 {LabReport.ExecToResponse} |"
            + " x first | ms above first | vs FastTrigger |"
            + $"{(limited ? " x no limit |" : "")} {LabReport.ExecToNext} | {LabReport.NextToResponse} | p95 {LabReport.NextToResponse} |"
            + " invocation CPU | total CPU | peak MiB | threads | faults |");
        AppendLine(text, $"|---|--:|--:|--:|--:|--:|---|{(limited ? "--:|" : "")}--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var series in all)
        {
            AppendRow(text, report, series, all[0]);
        }
    }

    private static void AppendRow(StringBuilder text, LabReport report, LabSeries series, LabSeries first)
    {
        var total = Statistics.Median(series.Values(static sample => sample.Total));
        var firstTotal = Statistics.Median(first.Values(static sample => sample.Total));
        List<string> cells =
        [
            series.Candidate.Name,
            LabReport.Number(total),
            LabReport.Percentile(series, 0.95, static sample => sample.Total),
            LabReport.Percentile(series, 0.99, static sample => sample.Total),
            LabReport.Number(report.RatioToFirst(series).Value),
            LabReport.Number(total - firstTotal),
            report.Comparison(series),
        ];
        if (report.RatioToUnlimited(series) is { } ratio)
        {
            cells.Add(LabReport.Number(ratio));
        }

        cells.AddRange([.. LabReport.ProcessCells(series), Faults(series)]);
        AppendLine(text, $"| {string.Join(" | ", cells)} |");
    }

    private static string Faults(LabSeries series)
    {
        var minor = LabReport.Median(series, static sample => sample.MinorFaults, 0);
        return series.Values(static sample => sample.MajorFaults).Any(static faults => faults > 0)
            ? $"{minor} + {LabReport.Median(series, static sample => sample.MajorFaults, 0)} from disk"
            : minor;
    }

    private static void AppendWarm(StringBuilder text, LabReport report)
    {
        var warm = report.Warm;
        if (warm.Count == 0)
        {
            return;
        }

        AppendLine(
            text,
            $"\n## Warm invocations\n\nMicroseconds from the answer to GET next until POST response, {report.Plan.Warm} in each of up to "
            + "ten processes, function and server on one processor.\n");
        text.Append("| | median | p95 | p99 | ratio |\n|---|--:|--:|--:|--:|\n");
        foreach (var series in warm)
        {
            var ratio = Statistics.RatioOfMedians(LabReport.WarmMedians(series), LabReport.WarmMedians(warm[0]));
            var all = series.Samples.SelectMany(static sample => sample.WarmMicroseconds).ToList();
            string[] cells =
            [
                series.Candidate.Name,
                LabReport.Number(Statistics.Median(all), 1),
                LabReport.Number(Statistics.Percentile(all, 0.95), 1),
                LabReport.Number(Statistics.Percentile(all, 0.99), 1),
                series == warm[0] ? "1" : LabReport.Number(ratio),
            ];
            AppendLine(text, $"| {string.Join(" | ", cells)} |");
        }

        if (report.EndpointMicroseconds is { } endpoint)
        {
            AppendLine(text, $"\nOne signed CreateTags over an open connection takes the local AWS {LabReport.Number(endpoint, 1)} µs.");
        }
    }

    private static void AppendLine(StringBuilder text, string line) => text.Append(line).Append('\n');
}
