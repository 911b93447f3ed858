using System.CommandLine;
using System.Globalization;
using FastTrigger.Cli.Output;
using FastTrigger.Cli.Planning;
using FastTrigger.Cli.Routes;
using FastTrigger.Cli.Templates;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger plan: what a rate of events asks of Lambda and AWS.</summary>
internal static class PlanCommand
{
    /// <summary>One in 11 days, and more than Lambda takes of one account.</summary>
    private const double MinRate = 0.000_001, MaxRate = 100_000;

    public static Command Create()
    {
        var file = new Argument<string>("EVENT") { Description = "The event file. In a batch, each record is an event" };
        var rate = new Option<double>("--events-per-second")
        {
            Description = $"How many events come in a second, on average; up to {MaxRate}",
            HelpName = "RATE",
            Required = true,
        };
        var memory = Number("--memory", "The function's memory in MB", "MB", 128, 128, 10_240);
        var call = Number("--call-ms", "How long a call of AWS takes, in milliseconds", "MS", 100, 1, 900_000);
        var init = Number("--init-ms", "How long an environment takes to start, in milliseconds", "MS", 100, 1, 10_000);
        var concurrency = Number(
            "--concurrency",
            "The environments that may be busy at the same time",
            "COUNT",
            PlanAssumptions.DefaultConcurrency,
            1,
            1_000_000);
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var options = new LocalCommandOptions();
        var command = new Command("plan", """
            Show what a rate of events asks of Lambda and AWS: environments, calls against documented quotas, and cost.
            The event is delivered here several times, with local AWS servers, which shows its calls and its log. What cannot be
            measured here is an assumption, and printed. Exit code 0 when the rate fits into the documented quotas; 1 when it
            does not, or when the event fails.

            Examples:
              fasttrigger plan build/demo/launch.json --routes build/demo/routes.json --events-per-second 5
              fasttrigger plan event.json --events-per-second 0.1 --memory 256 --call-ms 60
            """) { file, rate, memory, call, init, concurrency, json };
        options.AddTo(command);
        rate.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }]
                && (!double.TryParse(text, CultureInfo.InvariantCulture, out var given) || given is not (>= MinRate and <= MaxRate)))
            {
                result.AddError($"--events-per-second takes {MinRate} to {MaxRate}, not {text}");
            }
        });
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetValue(file)!,
            parsed.GetValue(rate),
            new(parsed.GetValue(memory), parsed.GetValue(call), parsed.GetValue(init), parsed.GetValue(concurrency))
            {
                TimeoutMs = options.Read(parsed).TimeoutSeconds * 1_000,
            },
            // As in a storm: the time of a script on a server is not the function's.
            options.Read(parsed) with { MemoryMegabytes = parsed.GetValue(memory), Shell = LocalAws.ScriptShell.None },
            parsed.GetValue(json)));
        return command;
    }

    private static Option<int> Number(string name, string description, string unit, int value, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }]
                && (!int.TryParse(text, CultureInfo.InvariantCulture, out var given) || given < min || given > max))
            {
                result.AddError($"{name} takes {min} to {max}, not {text}");
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(string file, double rate, PlanAssumptions assumed, LocalOptions options, bool json)
    {
        if (file != LocalFiles.StandardInput)
        {
            LocalFiles.CheckExists(file);
        }

        await using var run = await LocalRun.StartAsync(options);
        Console.Error.WriteLine(run.Files);
        var plan = new Plan(await PlanMeasurement.MeasureAsync(run, file), assumed, rate);
        var costs = CostLine.Of(plan, CountAlarms(run.Routes));
        if (json)
        {
            Console.WriteLine(PlanReport.Json(plan, costs).ToJsonString(ReadableJson.Indented));
        }
        else
        {
            MarkdownText.Write(Terminal.Results(), PlanReport.Markdown(plan, costs, LocalFiles.NameOf(file)), "--json");
        }

        return plan.Fits ? 0 : 1;
    }

    /// <summary>The alarms of the routes' template.</summary>
    private static int CountAlarms(RoutesDocument? routes) => routes is null
        ? 0
        : new TemplateGenerator(routes.Table, routes.Source, new(30, "bootstrap.zip", FilterStreams: false)).Generate()["Resources"]!
            .AsObject().Count(static resource => resource.Value!["Type"]?.ToString() == "AWS::CloudWatch::Alarm");
}
