using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Routes;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>Prints a run for people: the events, the outcomes, the AWS calls, and the servers at the end.</summary>
internal sealed class RunTimeline(IAnsiConsole console)
{
    private const int MaxValueLength = 100, MaxListEntries = 8, MaxUnmatched = 3;

    public void Write(RunReport report)
    {
        console.MarkupLine(report.Init is { } init
            ? $"[bold]cold start[/] {Milliseconds(init)} from the start of the process to the first GET /next"
            : "[bold red]the function did not start[/]");
        for (var i = 0; i < report.Invocations.Count; i++)
        {
            var invocation = report.Invocations[i];
            var end = i + 1 < report.Invocations.Count ? report.Invocations[i + 1].FirstCall : report.Calls.Count;
            WriteInvocation(invocation, report.Calls.Skip(invocation.FirstCall).Take(end - invocation.FirstCall));
        }

        WriteWorld(report);
        foreach (var line in report.StandardError)
        {
            console.MarkupLineInterpolated($"[red]stderr[/] {line}");
        }

        console.WriteLine();
        if (report.Outcome == RunOutcome.Done)
        {
            console.MarkupLine("[green]everything was done[/]");
            return;
        }

        var worse = report.Invocations.Select(invocation => invocation.Verdict.Outcome).Where(outcome => outcome != RunOutcome.Done);
        var counts = worse.GroupBy(outcome => outcome).OrderByDescending(group => group.Key);
        var text = string.Join(", ", counts.Select(group => $"{group.Count()} {RunVerdict.Name(group.Key)}"));
        console.MarkupLine($"[red]not everything was done: {text}[/]");
    }

    private void WriteInvocation(RunInvocation invocation, IEnumerable<AwsCall> calls)
    {
        var (name, outcome) = (invocation.Event, invocation.Outcome);
        console.WriteLine();
        console.MarkupInterpolated($"[bold blue]{name}[/]");
        console.MarkupLine($" [dim]{Milliseconds(outcome.Duration)}[/]");
        var answer = RunReport.Parse(Encoding.UTF8.GetString(outcome.Payload));
        WriteActions(invocation.Verdict.Actions);
        if (!outcome.IsError && (answer as JsonObject)?["routes"] is not JsonArray)
        {
            console.MarkupLineInterpolated($"  [green]answered[/] {answer?.ToJsonString(ReadableJson.OneLine)}");
        }

        foreach (var reason in invocation.Verdict.Reasons)
        {
            console.MarkupLineInterpolated($"  [red]{RunVerdict.Name(invocation.Verdict.Outcome)}[/] {reason}");
        }

        WriteUnmatched(invocation.Unmatched);
        foreach (var call in calls)
        {
            var status = call.Status == 0 ? "no answer" : call.Status.ToString(CultureInfo.InvariantCulture);
            var note = call.Note.Length > 0 ? " " + call.Note : "";
            console.MarkupInterpolated($"  [yellow]{call.Service}[/] {call.Operation} [dim]{status}{note}[/] ");
            console.MarkupLineInterpolated($"[dim]{Shorten(call.Parameters)}[/]");
        }
    }

    /// <summary>Why no route takes an item: for each route the first field that did not match.</summary>
    private void WriteUnmatched(IReadOnlyList<UnmatchedItem> items)
    {
        foreach (var item in items.Take(MaxUnmatched))
        {
            console.MarkupLineInterpolated($"  [yellow]unmatched[/] {item.Source}{(item.RecordId is { } record ? $" {record}" : "")}");
            foreach (var reason in item.Reasons)
            {
                console.MarkupLineInterpolated($"    {reason.ToString()}");
            }
        }

        if (items.Count > MaxUnmatched)
        {
            console.MarkupLineInterpolated($"  [yellow]unmatched[/] {items.Count - MaxUnmatched} more");
        }
    }

    private void WriteActions(IReadOnlyList<JsonObject> actions)
    {
        foreach (var action in actions)
        {
            var outcome = action["outcome"]!.ToString();
            var color = outcome switch { "done" => "green", "skipped" => "yellow", _ => "red" };
            console.MarkupInterpolated($"  {action["route"]!.ToString()} [dim]>[/] {action["action"]!.ToString()} ");
            console.Markup($"[{color}]{outcome}[/] ");
            console.MarkupLineInterpolated($"{action["detail"]!.ToString()}");
        }
    }

    private void WriteWorld(RunReport report)
    {
        foreach (var instance in report.SortedInstances())
        {
            var tags = report.SortedTags(instance).Select(tag => $"{tag.Key}={tag.Value}");
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{instance.Id}[/] {string.Join(", ", tags)}");
            foreach (var command in report.Commands(instance.Id))
            {
                if (command.NotExecuted is { } reason)
                {
                    console.MarkupLineInterpolated($"  [red]not executed[/] {command.DocumentName} [dim]{reason}[/]");
                    WriteOutput(command.Script, "");
                    continue;
                }

                var color = command.Status == "Success" ? "green" : "red";
                console.MarkupLine($"  [{color}]{command.Status}[/] {command.DocumentName} [dim]exit code {command.ExitCode}[/]");
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

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

    /// <summary>The parameters on one line, with only the lengths of scripts and long lists.</summary>
    private static string Shorten(JsonNode parameters)
    {
        var shown = (JsonObject)parameters.DeepClone();
        if (shown["Parameters"]?["commands"] is JsonArray commands)
        {
            shown["Parameters"]!["commands"] = $"... {commands.Sum(line => line!.ToString().Length)} characters of script ...";
        }

        foreach (var (name, value) in shown.ToList())
        {
            if (value is JsonArray { Count: > MaxListEntries } list)
            {
                var first = list[0]!.ToJsonString();
                shown[name] = $"{list.Count} entries, from {first[..Math.Min(MaxValueLength, first.Length)]}";
            }
        }

        return shown.ToJsonString(ReadableJson.OneLine);
    }
}
