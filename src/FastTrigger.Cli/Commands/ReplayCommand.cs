using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Aws;
using FastTrigger.Cli.Replay;
using FastTrigger.Configuration;
using FastTrigger.Core;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>What replay is asked for.</summary>
internal sealed record ReplayPlan(string[] Files, string? Queue, string? Function, string? EndpointUrl, double Rate, bool DryRun, bool Json);

/// <summary>fasttrigger replay: what was kept because it failed is delivered again.</summary>
internal static class ReplayCommand
{
    private const int CallMs = 30_000;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Dead-letter messages, records of a destination, or saved events: JSON, one or many; - is standard input", Arity = ArgumentArity.ZeroOrMore };
        var queue = new Option<string?>("--queue") { Description = "Receive from this SQS queue instead, and delete what succeeded", HelpName = "URL" };
        var function = new Option<string?>("--function") { Description = "Deliver to this function of AWS Lambda. Default: the local function and local servers", HelpName = "NAME" };
        var endpoint = new Option<string?>("--endpoint-url") { Description = "Where AWS is: for `fasttrigger serve` and the like", HelpName = "URL" };
        var rate = new Option<double>("--rate") { Description = "Events a second, at most", DefaultValueFactory = _ => 10 };
        var dryRun = new Option<bool>("--dry-run") { Description = "Change nothing, and show what would be done" };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of a report" };
        var options = new LocalCommandOptions();
        var command = new Command("replay", """
            Deliver dead letters, records of an on-failure destination and saved events again, in their order. What was done already is not done
            twice, and is said to be. Keys and region for --queue and --function come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
            AWS_SESSION_TOKEN and AWS_REGION. Exit code 0 only when nothing failed.

            Examples:
              fasttrigger replay dead-letters.jsonl --dry-run
              aws sqs receive-message --queue-url URL --message-attribute-names All | fasttrigger replay - --function plant
              fasttrigger replay --queue https://sqs.eu-central-1.amazonaws.com/123456789012/plant-dead-letters --function plant --rate 5
            """) { files, queue, function, endpoint, rate, dryRun, json };
        options.AddTo(command);
        command.SetAction((parsed, token) => RunAsync(
            new(parsed.GetValue(files)!, parsed.GetValue(queue), parsed.GetValue(function), parsed.GetValue(endpoint), parsed.GetValue(rate), parsed.GetValue(dryRun), parsed.GetValue(json)),
            options.Read(parsed),
            token));
        return command;
    }

    private static async Task<int> RunAsync(ReplayPlan plan, LocalOptions options, CancellationToken token)
    {
        if ((plan.Files.Length == 0) == (plan.Queue is null) || plan.Rate is not (> 0 and <= 1_000))
        {
            throw new UsageException("replay takes files (or - for standard input) or --queue URL, and a --rate from 0 to 1000");
        }

        using var aws = plan.Queue is null && plan.Function is null ? null : new RemoteAws(plan, options.Region);
        await using var local = plan.Function is null ? await LocalRun.StartAsync(options with { State = options.State ?? s_state }) : null;
        var remote = plan.Function is { } name ? new RemoteFunction(aws!.Client, aws.Region, name) : null;
        var run = new ReplayRun(
            (item, payload) => remote is null ? local!.Function.InvokeAsync(payload) : Task.FromResult(remote.Invoke(payload, item.RequestId, Clock.System)),
            plan.Rate,
            plan.DryRun,
            local?.World);
        if (plan.Queue is { } url)
        {
            await DrainAsync(new(aws!.Client, aws.Region, url), run, plan.DryRun, token);
        }
        else
        {
            await DeliverAsync(ReadAll(plan.Files), run, token);
        }

        Report(run, plan);
        return run.Count(ReplayOutcome.Failed) == 0 ? 0 : 1;
    }

    /// <summary>Where the local servers keep their disks between two replays, so that the second knows of the first.</summary>
    private static readonly string s_state = Path.Combine(".fasttrigger", "replay");

    private static List<ReplayItem> ReadAll(string[] files)
    {
        var items = new List<ReplayItem>();
        foreach (var file in files)
        {
            byte[] text;
            try
            {
                using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
                using var buffer = new MemoryStream();
                input.CopyTo(buffer);
                text = buffer.ToArray();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UsageException(e.Message);
            }

            items.AddRange(Read(file == "-" ? "standard input" : file, text));
        }

        return items;
    }

    /// <summary>One document or many, with whatever white space between them.</summary>
    private static IEnumerable<ReplayItem> Read(string name, byte[] text)
    {
        var documents = new List<JsonNode?>();
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 1_000 });
        try
        {
            while (reader.Read())
            {
                documents.Add(JsonNode.Parse(ref reader));
            }
        }
        catch (JsonException e)
        {
            throw new UsageException($"{name}: document {documents.Count + 1} is not JSON: {e.Message}");
        }

        return documents.SelectMany((document, index) => ReplayItem.Read(document, documents.Count == 1 ? name : $"{name}:{index + 1}"));
    }

    private static Task DeliverAsync(List<ReplayItem> items, ReplayRun run, CancellationToken token) => Progress.RunAsync("replaying", async progress =>
    {
        foreach (var item in items)
        {
            await run.DeliverAsync(item, token);
            progress((double)run.Results.Count / items.Count);
        }
    });

    /// <summary>Until the queue has nothing that was not delivered yet. What failed is given back at the end, and nothing is deleted by a dry run.</summary>
    private static Task DrainAsync(SqsClient queue, ReplayRun run, bool dryRun, CancellationToken token) => Progress.RunAsync("replaying", async progress =>
    {
        var kept = new List<string>();
        try
        {
            for (var messages = Receive(queue); messages.Count > 0; messages = Receive(queue))
            {
                foreach (var message in messages)
                {
                    var item = ReplayItem.ReadMessage(message, message["MessageId"]!.GetValue<string>())!;
                    var result = await run.DeliverAsync(item, token);
                    if (dryRun || result.Outcome == ReplayOutcome.Failed)
                    {
                        kept.Add(item.Receipt!);
                    }
                    else
                    {
                        Expect(queue.Delete(item.Receipt!, Soon()), "DeleteMessage");
                    }

                    progress(1 - (1.0 / (run.Results.Count + 1)));
                }
            }
        }
        finally
        {
            foreach (var receipt in kept)
            {
                Expect(queue.GiveBack(receipt, Soon()), "ChangeMessageVisibility");
            }
        }
    });

    private static List<JsonObject> Receive(SqsClient queue)
    {
        var messages = new List<JsonObject>();
        Expect(queue.Receive(messages, Soon()), "ReceiveMessage");
        return messages;
    }

    private static void Expect(AwsFailure? failure, string call)
    {
        if (failure is not null)
        {
            throw new UsageException($"{call}: {failure.Reason}");
        }
    }

    private static Deadline Soon() => Deadline.In(Clock.System, CallMs);

    private static void Report(ReplayRun run, ReplayPlan plan)
    {
        if (plan.Json)
        {
            Console.WriteLine(new JsonObject
            {
                ["delivered"] = run.Results.Count,
                ["acted"] = run.Count(ReplayOutcome.Acted),
                ["alreadyDone"] = run.Count(ReplayOutcome.DoneBefore),
                ["skipped"] = run.Count(ReplayOutcome.Skipped),
                ["failed"] = run.Count(ReplayOutcome.Failed),
                ["dryRun"] = plan.DryRun,
                ["events"] = new JsonArray([.. run.Results.Select(result => result.ToJson())]),
            }.ToJsonString());
            return;
        }

        var console = RunCommand.Terminal();
        foreach (var result in run.Results)
        {
            var colour = result.Outcome switch { ReplayOutcome.Acted => "green", ReplayOutcome.Failed => "red", _ => "yellow" };
            console.MarkupLine($"[{colour}]{result.Word}[/] {Markup.Escape(result.Item.Name)} [dim]{result.Item.RequestId}[/]");
            console.MarkupLineInterpolated($"  [dim]{result.Detail}[/]");
        }

        Console.WriteLine($"{(plan.DryRun ? "dry run: " : "")}delivered {run.Results.Count}, acted {run.Count(ReplayOutcome.Acted)}, already done {run.Count(ReplayOutcome.DoneBefore)}, skipped {run.Count(ReplayOutcome.Skipped)}, failed {run.Count(ReplayOutcome.Failed)}");
    }

    /// <summary>AWS as the environment names it, with the function's own signed client.</summary>
    private sealed class RemoteAws : IDisposable
    {
        public RemoteAws(ReplayPlan plan, string otherwise)
        {
            var settings = Settings.Read(name => name == "AWS_ENDPOINT_URL" && plan.EndpointUrl is not null ? plan.EndpointUrl : Settings.FromProcess(name), []);
            Region = settings.Region.Length > 0 ? settings.Region : otherwise;
            Client = new(new(settings));
        }

        public string Region { get; }

        public AwsClient Client { get; }

        public void Dispose() => Client.Dispose();
    }
}
