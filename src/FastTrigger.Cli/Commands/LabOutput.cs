using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>Writes the reports of coldstart to files and to the terminal.</summary>
internal static class LabOutput
{
    /// <summary>The command of this process, as a user would type it again.</summary>
    public static string CommandLine()
    {
        var arguments = Environment.GetCommandLineArgs().Skip(1);
        return "fasttrigger " + string.Join(
            ' ',
            arguments.Select(static argument => argument.AsSpan().ContainsAny(" ;{}\"$") ? $"'{argument}'" : argument));
    }

    public static void WriteFile(string folder, string name, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    public static void Write(LabReport report, string folder, bool json)
    {
        var document = JsonReport.Write(report).ToJsonString();
        WriteFile(folder, "report.json", document + "\n");
        WriteFile(folder, "report.md", MarkdownReport.Write(report));
        WriteFile(folder, "report.html", HtmlReport.Write(report));
        if (json)
        {
            Console.WriteLine(document);
            return;
        }

        foreach (var (condition, series) in report.ByCondition)
        {
            Terminal.Results().Write(CreateTable(report, condition, series));
        }

        Console.WriteLine($"{Path.Combine(folder, "report.html")}, report.md and report.json contain the full report");
    }

    private static Table CreateTable(LabReport report, Condition condition, IReadOnlyList<LabSeries> all)
    {
        var table = new Table().Border(TableBorder.Simple).Title(condition.Name);
        table.AddColumns(
            "",
            $"{LabReport.ExecToResponse} ms",
            "p95",
            "x first",
            "vs FastTrigger",
            LabReport.ExecToNext,
            LabReport.NextToResponse,
            "invocation CPU",
            "peak MiB");
        foreach (var series in all)
        {
            table.AddRow(
                series.Candidate.Name.EscapeMarkup(),
                LabReport.Median(series, static sample => sample.Total),
                LabReport.Percentile(series, 0.95, static sample => sample.Total),
                LabReport.Number(report.RatioToFirst(series).Value),
                report.Comparison(series),
                LabReport.Median(series, static sample => sample.ExecToNext),
                LabReport.Median(series, static sample => sample.NextToResponse),
                LabReport.Median(series, static sample => sample.InvocationProcessor),
                LabReport.Median(series, static sample => sample.PeakKib / 1024.0));
        }

        return table;
    }
}
