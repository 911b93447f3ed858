using System.CommandLine;
using FastTrigger.Cli.LocalLambda;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger run: events in, what happened out.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var events = new Argument<string[]>("EVENT") { Description = "Event files, delivered in this order to one fresh function", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of a timeline" };
        var asynchronous = new Option<bool>("--asynchronous") { Description = "Deliver as EventBridge does: an event that fails is tried twice more, without the waiting" };
        var letters = new Option<string?>("--dead-letters") { Description = "With --asynchronous: where the records of events that failed for good are written, one a line", HelpName = "FILE" };
        var options = new LocalCommandOptions();
        var command = new Command("run", """
            Deliver events to the native bootstrap against local AWS servers and show what happened. Exit code 0 only when every outcome is ok.

            Examples:
              fasttrigger run build/demo/launch.json
              fasttrigger run build/demo/tank-high.json --world build/demo/lost-answer.json
              fasttrigger run my-event.json --routes my-routes.json --env SITE=https://example.com/ --json
            """) { events, json, asynchronous, letters };
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(events)!, parsed.GetValue(json), options.Read(parsed), parsed.GetValue(asynchronous), parsed.GetValue(letters)));
        return command;
    }

    private static async Task<int> RunAsync(string[] events, bool json, LocalOptions options, bool asynchronous, string? letters)
    {
        if (events.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new UsageException($"{missing}: there is no such file");
        }

        await using var run = await LocalRun.StartAsync(options with { Time = asynchronous ? new FastTime() : options.Time });
        var report = await DeliverAsync(run, events, asynchronous, letters);
        if (json)
        {
            Console.WriteLine(report.ToJson().ToJsonString(ReadableJson.Indented));
        }
        else
        {
            new RunTimeline(Terminal()).Write(report);
        }

        return report.IsOk ? 0 : 1;
    }

    /// <summary>Colour and line breaks are for a terminal; a file gets plain lines, whole.</summary>
    public static IAnsiConsole Terminal()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
        plain.Profile.Width = 10_000;
        return plain;
    }

    private static async Task<RunReport> DeliverAsync(LocalRun run, string[] events, bool asynchronous, string? letters)
    {
        var invocations = new List<(string Event, InvocationOutcome Outcome, int FirstCall)>();
        var records = new List<string>();
        foreach (var file in events)
        {
            var firstCall = run.World.Calls.Count;
            var payload = await File.ReadAllBytesAsync(file);
            if (asynchronous)
            {
                var ended = await run.Asynchronous.InvokeAsync(payload);
                invocations.Add((file, ended.Outcomes[^1], firstCall));
                records.AddRange(ended.Record is { } record ? [record.ToJsonString()] : []);
            }
            else
            {
                invocations.Add((file, await run.Function.InvokeAsync(payload), firstCall));
            }

            // What an event started has ended before the next one comes, so that a run tells the same story every time.
            await run.World.SettleAsync();
        }

        if (letters is not null)
        {
            await File.WriteAllLinesAsync(letters, records);
        }

        var environments = run.Function.Environments.Reverse().ToList();
        var init = environments[0].InitDuration;
        await run.Function.DisposeAsync();
        return new(init, invocations, [.. run.World.Calls], run.World, [.. run.Function.Logs], [.. environments.SelectMany(environment => environment.StandardError)]);
    }
}
