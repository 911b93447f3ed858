using System.Text;

namespace FastTrigger.Cli.Storm;

/// <summary>storm.md: the latencies of a storm, and its calls compared with AWS's quotas.</summary>
internal static class MarkdownStormReport
{
    public static string Write(StormReport report)
    {
        var (plan, machine) = (report.Plan, report.Machine);
        var text = new StringBuilder();
        AppendLine(text, $"# Storm: {report.EventName}\n");
        AppendLine(
            text,
            $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.System}, Linux {machine.Kernel}; "
            + $"commit {machine.Commit}; {machine.At:yyyy-MM-dd}.\n");
        AppendLine(text, $"    {report.CommandLine}\n");
        AppendLine(
            text,
            $"{report.Total} events in {plan.Duration.TotalSeconds:0} s ({plan.Rate:0.##} a second, {report.ArrivalText}), "
            + $"at most {plan.Concurrency} environments. "
            + $"{report.Cold} cold ({report.Share(report.Cold)}), "
            + $"{report.Throttled} throttled ({report.Share(report.Throttled)}), {report.Failed} failed. "
            + $"{report.Environments} environments started, at most {report.MaxBusy} were busy at the same time.\n");
        AppendLatencies(text, report);
        AppendQuotas(text, report);
        AppendLine(
            text,
            "\nThe quotas are those of EC2's categories, for one account and region; Service Quotas shows yours. "
            + "The local AWS does not throttle: the last column compares the calls with the buckets. "
            + $"Processes, servers and this measurement share {machine.Cores} cores.");
        return text.ToString();
    }

    private static void AppendLatencies(StringBuilder text, StormReport report)
    {
        text.Append("| ms from the event's arrival to its response | p50 | p95 | p99 | max |\n|---|--:|--:|--:|--:|\n");
        foreach (var (name, values) in report.Latencies)
        {
            var (p50, p95) = (StormReport.Percentile(values, 0.5), StormReport.Percentile(values, 0.95));
            var (p99, max) = (StormReport.Percentile(values, 0.99), StormReport.Percentile(values, 1));
            AppendLine(text, $"| {name} ({values.Count}) | {p50} | {p95} | {p99} | {max} |");
        }
    }

    private static void AppendQuotas(StringBuilder text, StormReport report)
    {
        text.Append("\n| AWS calls | total | mean a second | peak a second | quota: bucket, refill a second | would be throttled |\n");
        text.Append("|---|--:|--:|--:|--:|--:|\n");
        foreach (var quota in report.Quotas)
        {
            AppendLine(
                text,
                $"| {quota.Operation} | {quota.Calls} | {quota.MeanPerSecond:0.0} | {quota.PeakPerSecond:0} "
                + $"| {StormReport.Bucket(quota)} | {(quota.Size is null ? "" : quota.Refused)} |");
        }
    }

    private static void AppendLine(StringBuilder text, string line) => text.Append(line).Append('\n');
}
