using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>A run told for a person: what came, what was decided, what was called, and how the servers look afterwards.</summary>
internal sealed class RunTimeline(IAnsiConsole console)
{
    private const int LongestValue = 100;

    public void Write(RunReport report)
    {
        console.MarkupLine(report.Init is { } init
            ? string.Create(CultureInfo.InvariantCulture, $"[bold]cold start[/] {init.TotalMilliseconds:0.0} ms from starting the process to its first GET /next")
            : "[bold red]the function did not start[/]");
        for (var i = 0; i < report.Invocations.Count; i++)
        {
            var end = i + 1 < report.Invocations.Count ? report.Invocations[i + 1].FirstCall : report.Calls.Count;
            WriteInvocation(report.Invocations[i].Event, report.Invocations[i].Outcome, report.Calls.Skip(report.Invocations[i].FirstCall).Take(end - report.Invocations[i].FirstCall));
        }

        WriteWorld(report);
        foreach (var line in report.StandardError)
        {
            console.MarkupLineInterpolated($"[red]stderr[/] {line}");
        }

        console.WriteLine();
        console.MarkupLine(report.IsOk ? "[green]every outcome is ok[/]" : "[red]not every outcome is ok[/]");
    }

    private void WriteInvocation(string name, InvocationOutcome outcome, IEnumerable<AwsCall> calls)
    {
        console.WriteLine();
        console.MarkupInterpolated($"[bold blue]{name}[/]");
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $" [dim]{outcome.Duration.TotalMilliseconds:0.0} ms[/]"));
        var answer = RunReport.Parse(Encoding.UTF8.GetString(outcome.Payload));
        if (outcome.IsError)
        {
            console.MarkupLineInterpolated($"  [red]{outcome.ErrorType}[/] {(answer as JsonObject)?["errorMessage"]?.ToString() ?? ""}");
        }

        if (answer is JsonObject { } document && document["routes"] is JsonArray routes)
        {
            WriteRoutes(routes);
        }
        else if (!outcome.IsError)
        {
            console.MarkupLineInterpolated($"  [green]answered[/] {answer?.ToJsonString(ReadableJson.OneLine)}");
        }

        foreach (var call in calls)
        {
            var status = call.Status == 0 ? "no answer" : call.Status.ToString(CultureInfo.InvariantCulture);
            console.MarkupInterpolated($"  [yellow]{call.Service}[/] {call.Operation} [dim]{status}{(call.Note.Length > 0 ? " " + call.Note : "")}[/] ");
            console.MarkupLineInterpolated($"[dim]{Shorten(call.Parameters)}[/]");
        }
    }

    private void WriteRoutes(JsonArray routes)
    {
        if (routes.Count == 0)
        {
            console.MarkupLine("  [dim]no route takes it[/]");
        }

        foreach (var route in routes)
        {
            foreach (var action in (JsonArray)route!["actions"]!)
            {
                var outcome = action!["outcome"]!.ToString();
                var colour = outcome switch { "done" => "green", "skipped" => "yellow", _ => "red" };
                console.MarkupInterpolated($"  {route["route"]!.ToString()} [dim]>[/] {action["action"]!.ToString()} ");
                console.Markup($"[{colour}]{outcome}[/] ");
                console.MarkupLineInterpolated($"{action["detail"]!.ToString()}");
            }
        }
    }

    private void WriteWorld(RunReport report)
    {
        foreach (var instance in report.World.Instances.Values.OrderBy(instance => instance.Id, StringComparer.Ordinal))
        {
            var tags = report.World.Resources[instance.Id].OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}");
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{instance.Id}[/] {string.Join(", ", tags)}");
            foreach (var command in report.Commands(instance.Id))
            {
                var colour = command.Status == "Success" ? "green" : "red";
                console.MarkupLine($"  [{colour}]{command.Status}[/] {command.DocumentName} [dim]exit code {command.ExitCode}[/]");
                WriteOutput(command.StandardOutput, "");
                WriteOutput(command.StandardError, "[dim]stderr[/] ");
            }
        }
    }

    private void WriteOutput(string text, string label)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            console.MarkupLine($"    {label}{Markup.Escape(line)}");
        }
    }

    /// <summary>Parameters on one line; the script, which is long, only by its length.</summary>
    private static string Shorten(JsonNode parameters)
    {
        var shown = (JsonObject)parameters.DeepClone();
        if (shown["Parameters"]?["commands"] is JsonArray commands)
        {
            shown["Parameters"]!["commands"] = $"... {commands.Sum(line => line!.ToString().Length)} characters of script ...";
        }

        foreach (var (name, value) in shown.ToList())
        {
            if (value is JsonArray { Count: > 8 } list)
            {
                shown[name] = $"{list.Count} entries, from {list[0]!.ToJsonString()[..Math.Min(LongestValue, list[0]!.ToJsonString().Length)]}";
            }
        }

        return shown.ToJsonString(ReadableJson.OneLine);
    }
}
