using System.Text;

namespace FastTrigger.Cli.Storm;

/// <summary>storm.md: what the median consists of and why, then the tables of all runs.</summary>
internal static class MarkdownStormReport
{
    public static string Write(StormReport report)
    {
        var machine = report.Machine;
        var text = new StringBuilder();
        Append(text, $"# Storm: {report.EventName}");
        Append(text, report.Explain(report.Main));
        Append(text, report.Verdict);
        Append(text, $"{report.Load}; {report.Main.Variant.Name} environments.");
        Append(
            text,
            $"{machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.System}, Linux {machine.Kernel}; "
            + $"commit {machine.Commit}; {machine.At:yyyy-MM-dd}.");
        Append(text, $"    {report.CommandLine}");
        foreach (var table in report.Tables)
        {
            Append(text, $"## {table.Title}");
            AppendTable(text, table);
        }

        Append(text, "## Each run in a sentence");
        foreach (var result in report.Results)
        {
            Append(text, $"- {result.Variant.Name}: {report.Explain(result)}", last: ReferenceEquals(result, report.Results[^1]));
        }

        Append(text, "## What is real");
        foreach (var note in report.Notes)
        {
            Append(text, $"- {note}", last: false);
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, StormTable table)
    {
        AppendRow(text, table.Headings);
        text.Append('|').AppendJoin('|', table.Headings.Select(static (_, i) => i == 0 ? "---" : "--:")).Append("|\n");
        foreach (var row in table.Rows)
        {
            AppendRow(text, row);
        }

        text.Append('\n');
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static void Append(StringBuilder text, string line, bool last = true) => text.Append(line).Append(last ? "\n\n" : "\n");
}
