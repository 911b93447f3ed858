using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Output;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger coldstart --storm and --scenario: cold starts under load.</summary>
internal static class StormCommand
{
    public static async Task<int> RunAsync(
        StormScenario scenario,
        string eventFile,
        LocalOptions options,
        string folder,
        bool json,
        CancellationToken token)
    {
        var events = new StormEvents(eventFile, LocalFiles.ReadText(eventFile), scenario.Instances);
        var results = new List<StormResult>();
        foreach (var variant in StormVariant.Of(scenario))
        {
            var run = new StormRun(scenario, variant, events);
            void Note(string files) => Console.Error.WriteLine($"{(results.Count == 0 ? files + "\n" : "")}storm: {variant.Name}");
            await Progress.RunAsync("measuring", async progress => results.Add(await run.RunAsync(options, Note, progress, token)));
        }

        var report = new StormReport(
            scenario,
            results,
            MachineDescription.Read(),
            Path.GetFileName(eventFile),
            LabOutput.CommandLine());
        var document = JsonStormReport.Write(report).ToJsonString();
        var markdown = MarkdownStormReport.Write(report);
        LabOutput.WriteFile(folder, "storm.json", document + "\n");
        LabOutput.WriteFile(folder, "storm.md", markdown);
        LabOutput.WriteFile(folder, "storm.html", HtmlStormReport.Write(report));
        if (json)
        {
            Console.WriteLine(document);
        }
        else
        {
            var console = Terminal.Results();
            MarkdownText.Write(console, markdown, "storm.md");
            console.Write(new StyledLine().Add($"{Path.Combine(folder, "storm.html")}, storm.md and storm.json contain the full report"));
        }

        return report.IsWhole ? 0 : 1;
    }
}
