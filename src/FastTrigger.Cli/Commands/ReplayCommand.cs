using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Aws;
using FastTrigger.Cli.Output;
using FastTrigger.Cli.Replay;
using FastTrigger.Configuration;
using FastTrigger.Core;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>The settings of replay.</summary>
internal sealed record ReplayPlan(
    string[] Files,
    string? Queue,
    string? Function,
    string? EndpointUrl,
    double Rate,
    bool DryRun,
    bool Json);

/// <summary>fasttrigger replay: delivers failed events again.</summary>
internal static class ReplayCommand
{
    private const int CallTimeoutMs = 30_000;

    /// <summary>The folder of the local servers' disks, so that a replay knows what an earlier one did.</summary>
    private static readonly string s_state = Path.Combine(".fasttrigger", "replay");

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files of dead-letter messages, destination records or saved events, one or many in a file; - for standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var queue = new Option<string?>("--queue")
        {
            Description = "Receive from this SQS queue instead, and delete the messages whose work --function did or had done",
            HelpName = "URL",
        };
        var function = new Option<string?>("--function")
        {
            Description = "Deliver to this function of AWS Lambda. Default: the local function and servers, which change nothing in AWS",
            HelpName = "NAME",
        };
        var endpoint = new Option<string?>("--endpoint-url")
        {
            Description = "The AWS endpoint, for example that of `fasttrigger serve`",
            HelpName = "URL",
        };
        var rate = new Option<double>("--rate") { Description = "The maximum number of events a second", DefaultValueFactory = _ => 10 };
        var dryRun = new Option<bool>("--dry-run") { Description = "Change nothing, and show what a replay would do" };
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead of a report" };
        var options = new LocalCommandOptions();
        var command = new Command("replay", """
            Deliver dead letters, records of an on-failure destination and saved events again, in their order. Work that is already done
            is reported and not repeated. Credentials and region for --queue and --function come from AWS_ACCESS_KEY_ID,
            AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION. Exit code 0 only when nothing failed.

            Examples:
              fasttrigger replay dead-letters.jsonl --dry-run
              aws sqs receive-message --queue-url URL --message-attribute-names All | fasttrigger replay - --function plant
              fasttrigger replay --queue https://sqs.eu-central-1.amazonaws.com/123456789012/plant-dead-letters --function plant --rate 5
            """) { files, queue, function, endpoint, rate, dryRun, json };
        options.AddTo(command);
        command.SetAction((parsed, token) =>
        {
            var plan = new ReplayPlan(
                parsed.GetValue(files)!,
                parsed.GetValue(queue),
                parsed.GetValue(function),
                parsed.GetValue(endpoint),
                parsed.GetValue(rate),
                parsed.GetValue(dryRun),
                parsed.GetValue(json));
            return RunAsync(plan, options.Read(parsed), token);
        });
        return command;
    }

    private static async Task<int> RunAsync(ReplayPlan plan, LocalOptions options, CancellationToken token)
    {
        if ((plan.Files.Length == 0) == (plan.Queue is null) || plan.Rate is not (>= 0.001 and <= 1_000))
        {
            throw new UsageException("replay takes files (or - for standard input) or --queue URL, and a --rate from 0.001 to 1000");
        }

        if (plan.Queue is not null && plan.Function is null)
        {
            throw new UsageException(
                "--queue needs --function NAME: a message is deleted only when that function did its work; to try messages here, "
                + "save them (aws sqs receive-message) and replay the file");
        }

        using var aws = plan.Queue is null && plan.Function is null ? null : new RemoteAws(plan, options.Region);
        await using var local = plan.Function is null ? await LocalRun.StartAsync(options with { State = options.State ?? s_state }) : null;
        if (local is not null)
        {
            Console.Error.WriteLine(local.Files);
        }

        var remote = plan.Function is { } name ? new RemoteFunction(aws!.Client, aws.Region, name) : null;
        var run = new ReplayRun(
            (item, payload) => remote is null
                ? local!.Function.InvokeAsync(payload)
                : Task.FromResult(remote.Invoke(payload, item.RequestId, Clock.System)),
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

    private static List<ReplayItem> ReadAll(string[] files)
    {
        var items = new List<ReplayItem>();
        foreach (var file in files)
        {
            var text = LocalFiles.ReadText(file);
            items.AddRange(Read(LocalFiles.NameOf(file), text));
        }

        return items;
    }

    /// <summary>Reads one or more JSON documents, separated by any white space or none.</summary>
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

        return documents.SelectMany((document, index) =>
            ReplayItem.Read(document, documents.Count == 1 ? name : $"{name}:{index + 1}"));
    }

    private static Task DeliverAsync(List<ReplayItem> items, ReplayRun run, CancellationToken token) =>
        Progress.RunAsync("replaying", async progress =>
        {
            foreach (var item in items)
            {
                await run.DeliverAsync(item, token);
                progress((double)run.Results.Count / items.Count);
            }
        });

    /// <summary>
    /// Delivers the messages of a queue until it is empty. Those whose work was not done, now or before, return to the queue.
    /// </summary>
    private static Task DrainAsync(SqsClient queue, ReplayRun run, bool dryRun, CancellationToken token) =>
        Progress.RunAsync("replaying", async progress =>
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
                        if (!dryRun && result.Outcome is ReplayOutcome.Acted or ReplayOutcome.DoneBefore)
                        {
                            Expect(queue.Delete(item.Receipt!, CallDeadline()), "DeleteMessage");
                        }
                        else
                        {
                            kept.Add(item.Receipt!);
                        }

                        progress(1 - (1.0 / (run.Results.Count + 1)));
                    }
                }
            }
            finally
            {
                foreach (var receipt in kept)
                {
                    Expect(queue.Return(receipt, CallDeadline()), "ChangeMessageVisibility");
                }
            }
        });

    private static List<JsonObject> Receive(SqsClient queue)
    {
        var messages = new List<JsonObject>();
        Expect(queue.Receive(messages, CallDeadline()), "ReceiveMessage");
        return messages;
    }

    private static void Expect(AwsFailure? failure, string call)
    {
        if (failure is not null)
        {
            throw new UsageException($"{call}: {failure.Reason}");
        }
    }

    private static Deadline CallDeadline() => Deadline.In(Clock.System, CallTimeoutMs);

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
                ["function"] = plan.Function,
                ["events"] = new JsonArray([.. run.Results.Select(result => result.ToJson())]),
            }.ToJsonString());
            return;
        }

        var console = Terminal.Results();
        foreach (var result in run.Results)
        {
            var color = result.Outcome switch { ReplayOutcome.Acted => "green", ReplayOutcome.Failed => "red", _ => "yellow" };
            console.Write(new StyledLine().Add(result.OutcomeName, color).Add(result.Item.Name).Add(result.Item.RequestId, "dim"));
            console.Write(new StyledLine(2).Add(result.Detail, "dim"));
        }

        Console.WriteLine(
            (plan.Function is null ? "on local servers, nothing in AWS: " : "")
            + $"{(plan.DryRun ? "dry run: " : "")}delivered {run.Results.Count}, acted {run.Count(ReplayOutcome.Acted)}, "
            + $"already done {run.Count(ReplayOutcome.DoneBefore)}, skipped {run.Count(ReplayOutcome.Skipped)}, "
            + $"failed {run.Count(ReplayOutcome.Failed)}");
    }

    /// <summary>AWS with the credentials and region of the environment, called by the function's own signed client.</summary>
    private sealed class RemoteAws : IDisposable
    {
        /// <param name="defaultRegion">The region when the environment has none.</param>
        public RemoteAws(ReplayPlan plan, string defaultRegion)
        {
            var endpoint = plan.EndpointUrl;
            var settings = Settings.Read(
                name => name == "AWS_ENDPOINT_URL" && endpoint is not null ? endpoint : Settings.FromProcess(name),
                []);
            Region = settings.Region.Length > 0 ? settings.Region : defaultRegion;
            Client = new(new(settings));
        }

        public string Region { get; }

        public AwsClient Client { get; }

        public void Dispose() => Client.Dispose();
    }
}
