using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>Prints a run for people: the events, the outcomes, the AWS calls, and the servers at the end.</summary>
/// <param name="allCalls">Whether each call is shown by itself, with all its parameters.</param>
internal sealed class RunTimeline(IAnsiConsole console, bool allCalls)
{
    private const int MaxUnmatched = 3;

    /// <summary>A file has no width, and its lines are to be read in one look.</summary>
    private const int MaxColumns = 140;

    public void Write(RunReport report)
    {
        Write(report.Init is { } init
            ? new StyledLine().Add("cold start", "bold").Add(Milliseconds(init))
                .Add("from the start of the process to the first GET /next")
            : new StyledLine().Add("the function did not start", "bold red"));
        for (var i = 0; i < report.Invocations.Count; i++)
        {
            var invocation = report.Invocations[i];
            var end = i + 1 < report.Invocations.Count ? report.Invocations[i + 1].FirstCall : report.Calls.Count;
            WriteInvocation(invocation);
            WriteCalls(report.Calls.Skip(invocation.FirstCall).Take(end - invocation.FirstCall));
        }

        WriteWorld(report);
        foreach (var line in report.StandardError)
        {
            Write(new StyledLine().Add("stderr", "red").Add(line));
        }

        WriteEnd(report);
    }

    private void WriteInvocation(RunInvocation invocation)
    {
        var (name, outcome) = (invocation.Event, invocation.Outcome);
        var heading = new StyledLine().Add(name, "bold blue").Add(Milliseconds(outcome.Duration), "dim");
        console.WriteLine();
        Write(invocation.Attempts > 1 ? heading.Add($"(invocation {invocation.Attempts} of {invocation.Attempts})", "dim") : heading);
        WriteActions(invocation.Verdict.Actions);
        var answer = RunReport.Parse(Encoding.UTF8.GetString(outcome.Payload));
        if (!outcome.IsError && (answer as JsonObject)?["routes"] is not JsonArray)
        {
            Write(new StyledLine(2).Add("answered", "green").Add(answer?.ToJsonString(ReadableJson.OneLine) ?? ""));
        }

        foreach (var reason in invocation.Verdict.Reasons)
        {
            Write(new StyledLine(2).Add(RunVerdict.Name(invocation.Verdict.Outcome), "red").Add(reason));
        }

        WriteUnmatched(invocation.Unmatched);
    }

    /// <summary>Why no route takes an item: for each route the first field that did not match.</summary>
    private void WriteUnmatched(IReadOnlyList<ItemMatch> items)
    {
        foreach (var item in items.Take(MaxUnmatched))
        {
            // Of a batch it matters which record it is.
            if (item.RecordId is { } record)
            {
                Write(new StyledLine(2).Add("unmatched", "yellow").Add(item.Source).Add(record));
            }

            foreach (var route in item.Routes)
            {
                Write(new StyledLine(4).Add(route.ToString()));
            }

            if (item.Hint.Length > 0)
            {
                Write(new StyledLine(4).Add(item.Hint));
            }
        }

        if (items.Count > MaxUnmatched)
        {
            Write(new StyledLine(2).Add("unmatched", "yellow").Add($"{items.Count - MaxUnmatched} more"));
        }
    }

    private void WriteActions(IReadOnlyList<JsonObject> actions)
    {
        foreach (var action in actions)
        {
            var outcome = action["outcome"]!.ToString();
            var color = outcome switch { "done" => "green", "skipped" => "yellow", _ => "red" };
            Write(new StyledLine(2).Add(action["route"]!.ToString()).Add(">", "dim").Add(action["action"]!.ToString())
                .Add(outcome, color).Add(action["detail"]!.ToString()));
        }
    }

    private void WriteCalls(IEnumerable<AwsCall> calls)
    {
        var lines = allCalls ? CallLines.All(calls) : CallLines.Folded(calls, Math.Min(console.Profile.Width, MaxColumns));
        foreach (var line in lines)
        {
            Write(line);
        }
    }

    private void WriteWorld(RunReport report)
    {
        foreach (var instance in report.SortedInstances())
        {
            var tags = report.SortedTags(instance).Select(tag => $"{tag.Key}={tag.Value}");
            console.WriteLine();
            Write(new StyledLine().Add(instance.Id, "bold").Add(string.Join(", ", tags)));
            foreach (var command in report.Commands(instance.Id))
            {
                if (command.NotExecuted is { } reason)
                {
                    Write(new StyledLine(2).Add("not executed", "red").Add(command.DocumentName).Add(reason, "dim"));
                    WriteOutput(command.Script, "");
                    continue;
                }

                var color = command.Status == "Success" ? "green" : "red";
                Write(new StyledLine(2).Add(command.Status, color).Add(command.DocumentName)
                    .Add(string.Create(CultureInfo.InvariantCulture, $"exit code {command.ExitCode}"), "dim"));
                WriteOutput(command.StandardOutput, "");
                WriteOutput(command.StandardError, "stderr");
            }
        }
    }

    private void WriteOutput(string text, string label)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Write(label.Length > 0 ? new StyledLine(4).Add(label, "dim").Add(line) : new StyledLine(4).Add(line));
        }
    }

    private void WriteEnd(RunReport report)
    {
        console.WriteLine();
        if (report.Outcome == RunOutcome.Done)
        {
            Write(new StyledLine().Add("everything was done", "green"));
            return;
        }

        var worse = report.Invocations.Select(invocation => invocation.Verdict.Outcome).Where(outcome => outcome != RunOutcome.Done);
        var counts = worse.GroupBy(outcome => outcome).OrderByDescending(group => group.Key);
        var text = string.Join(", ", counts.Select(group => $"{group.Count()} {RunVerdict.Name(group.Key)}"));
        Write(new StyledLine().Add($"not everything was done: {text}", "red"));
    }

    private void Write(StyledLine line) => console.Write(line);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");
}
