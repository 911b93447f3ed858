using System.CommandLine;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Json;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Output;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger run: delivers events and prints what happened.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var events = new Argument<string[]>("EVENT")
        {
            Description = "Event files, delivered in this order to one fresh function; - for standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead of a timeline" };
        var calls = new Option<bool>("--calls") { Description = "Show each AWS call by itself, with all its parameters" };
        var asynchronous = new Option<bool>("--asynchronous")
        {
            Description = "Deliver as EventBridge does: an event that fails is retried twice, here without delay",
        };
        var letters = new Option<string?>("--dead-letters")
        {
            Description = "With --asynchronous: the file for the records of events that failed after all retries, one a line",
            HelpName = "FILE",
        };
        var expected = new Option<string>("--expect")
        {
            Description = "The outcome for which the exit code is 0: done, unmatched, refused, retry or failed",
            HelpName = "OUTCOME",
            DefaultValueFactory = _ => "done",
        };
        expected.AcceptOnlyFromAmong([.. Enum.GetValues<RunOutcome>().Select(RunVerdict.Name)]);
        var options = new LocalCommandOptions();
        var command = new Command("run", """
            Deliver events to the native bootstrap, with local AWS servers, and show what happened.
            Exit code 0 only when every item of every event was done, and every command on a server succeeded; with --expect, only when
            the worst outcome is the expected one. 1 otherwise, 2 for wrong usage.

            Examples:
              fasttrigger run event.json
              fasttrigger run build/demo/tank-high.json --routes build/demo/routes.json --world build/demo/lost-answer.json
              fasttrigger events sqs | fasttrigger run - --expect unmatched --json
            """) { events, json, calls, asynchronous, letters, expected };
        options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(letters) is not null && !result.GetValue(asynchronous))
            {
                result.AddError("--dead-letters needs --asynchronous: only asynchronous invocations have them");
            }
        });
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(events)!,
            parsed.GetValue(json),
            parsed.GetValue(calls),
            options.Read(parsed),
            parsed.GetValue(asynchronous),
            parsed.GetValue(letters),
            Enum.Parse<RunOutcome>(parsed.GetValue(expected)!, ignoreCase: true)));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] events,
        bool json,
        bool calls,
        LocalOptions options,
        bool asynchronous,
        string? letters,
        RunOutcome expected)
    {
        foreach (var file in events.Where(file => file != LocalFiles.StandardInput))
        {
            LocalFiles.CheckExists(file);
        }

        if (letters is not null)
        {
            LocalFiles.Create(letters);
        }

        await using var run = await LocalRun.StartAsync(options with { Time = asynchronous ? new FastTime() : options.Time });
        if (!json)
        {
            Console.Error.WriteLine(run.Files);
        }

        var report = await DeliverAsync(run, events, asynchronous, letters);
        if (json)
        {
            Console.WriteLine(report.ToJson().ToJsonString(ReadableJson.Indented));
        }
        else
        {
            new RunTimeline(Terminal.Results(), calls).Write(report);
        }

        return report.Outcome == expected ? 0 : 1;
    }

    /// <summary>Says where an event is not JSON. It is delivered all the same, because the function has its own answer to it.</summary>
    private static void ExplainSyntax(string file, byte[] payload)
    {
        var problems = new JsonProblems(file, payload);
        if (EventJson.Parse(payload, out _) is null && JsonSyntax.Explain(payload) is { } found)
        {
            problems.Add(found.Offset, found.Message);
            Console.Error.WriteLine(problems);
        }
    }

    private static async Task<RunReport> DeliverAsync(LocalRun run, string[] events, bool asynchronous, string? letters)
    {
        var delivered = new List<Delivered>();
        var records = new List<string>();
        foreach (var file in events)
        {
            var firstCall = run.World.Calls.Count;
            var before = run.World.Commands.Keys.ToHashSet();
            var payload = LocalFiles.ReadText(file);
            ExplainSyntax(file, payload);
            InvocationOutcome outcome;
            var attempts = 1;
            if (asynchronous)
            {
                var result = await run.Asynchronous.InvokeAsync(payload);
                outcome = result.Outcomes[^1];
                attempts = result.Outcomes.Count;
                records.AddRange(result.Record is { } record ? [record.ToJsonString()] : []);
            }
            else
            {
                outcome = await run.Function.InvokeAsync(payload);
            }

            // Commands of one event end before the next event, so that every run gives the same report.
            await run.World.SettleAsync();
            var commands = run.World.Commands.Where(command => !before.Contains(command.Key)).Select(command => command.Value);
            delivered.Add(new(file, payload, outcome, attempts, firstCall, [.. commands]));
        }

        if (letters is not null)
        {
            await File.WriteAllLinesAsync(letters, records);
        }

        var environments = run.Function.Environments.Reverse().ToList();
        var init = environments.FirstOrDefault()?.InitDuration;
        // The end of the function is the end of its log.
        await run.Function.DisposeAsync();
        var logs = run.Function.Logs.Select(RunReport.Parse).OfType<JsonObject>().ToList();
        var matcher = run.Routes is null ? null : Matcher.Of(run.Routes);
        var invocations = delivered.Select(one =>
        {
            var verdict = RunVerdict.Of(one.Outcome, logs, one.Commands, run.IsOurs);
            var items = verdict.Outcome == RunOutcome.Done || matcher is null ? [] : matcher.Match(one.Payload, out _);
            return new RunInvocation(one.Event, one.Outcome, one.FirstCall, verdict, one.Attempts)
            {
                Unmatched = [.. items.Where(item => !item.IsTaken && !item.IsRefused)],
            };
        });
        return new(
            init,
            [.. invocations],
            [.. run.World.Calls],
            run.World,
            run.RoutesFile,
            run.WorldFile,
            [.. run.Function.Logs],
            [.. environments.SelectMany(environment => environment.StandardError)],
            run.Function.Settings.LogStream);
    }

    private sealed record Delivered(
        string Event,
        byte[] Payload,
        InvocationOutcome Outcome,
        int Attempts,
        int FirstCall,
        List<LocalCommand> Commands);
}
