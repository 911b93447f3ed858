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

        var console = Terminal.Results();
        foreach (var (condition, series) in report.ByCondition)
        {
            console.WriteLine();
            console.Write(new StyledLine().Add($"{condition.Name}: milliseconds, medians unless they say p95", "bold"));
            CreateTable(report, series).Write(console, console.Profile.Width, "report.md");
        }

        console.WriteLine();
        console.Write(new StyledLine().Add($"{Path.Combine(folder, "report.html")}, report.md and report.json contain the full report"));
    }

    /// <summary>The most important columns come first.</summary>
    private static TextTable CreateTable(LabReport report, IReadOnlyList<LabSeries> all) => new(
        [
            "",
            LabReport.ExecToResponse,
            $"p95 {LabReport.ExecToResponse}",
            "x first",
            "vs FastTrigger",
            LabReport.ExecToNext,
            LabReport.NextToResponse,
            "invocation CPU",
            "peak MiB",
        ],
        [.. all.Select(series => (string[])[
            series.Candidate.Name,
            LabReport.Median(series, static sample => sample.Total),
            LabReport.Percentile(series, 0.95, static sample => sample.Total),
            LabReport.Number(report.RatioToFirst(series).Value),
            report.Comparison(series),
            LabReport.Median(series, static sample => sample.ExecToNext),
            LabReport.Median(series, static sample => sample.NextToResponse),
            LabReport.Median(series, static sample => sample.InvocationProcessor),
            LabReport.Median(series, static sample => sample.PeakKib / 1024.0),
        ])]);
}
