using System.Diagnostics;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger replay: delivers dead letters, destination records and saved events again.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Throttled = """
        {
          "instances": [{"id": "i-0aaaaaaaaaaaaaaa1", "tags": {"Role": "pump-controller"}}],
          "faults": [{"operation": "SendCommand", "kind": "throttle", "times": 1000}]
        }
        """;

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private const string Unmatched = """{"id":"1","source":"nobody","detail-type":"x","detail":{}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-replay-").FullName;

    private string State => Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_dead_letter_is_replayed_once_however_often_it_is_delivered_C4()
    {
        var letters = await FailAsync();
        var record = JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(letters, Artifacts.Token)));
        Assert.Equal("RetriesExhausted", record.Text("requestContext", "condition"));
        Assert.Equal(3, record.Number("requestContext", "approximateInvokeCount"));

        var (_, output, _) = await ReplayAsync(0, letters, "--dry-run");
        Assert.Contains("dry run: would send AWS-RunShellScript to tag:Role = pump-controller", output, StringComparison.Ordinal);
        (_, output, _) = await ReplayAsync(0, letters);
        Assert.EndsWith(
            "on local servers, nothing in AWS: delivered 1, acted 1, already done 0, skipped 0, failed 0\n",
            output,
            StringComparison.Ordinal);
        (_, output, _) = await ReplayAsync(0, letters);
        Assert.EndsWith("delivered 1, acted 0, already done 1, skipped 0, failed 0\n", output, StringComparison.Ordinal);
        Assert.Equal(["opening valve V-17 at level 91.5"], await ReadValvesAsync());
    }

    [Fact]
    public async Task Saved_events_and_messages_are_delivered_in_order_from_files_and_standard_input()
    {
        var saved = Path.Combine(_folder, "saved.json");
        await File.WriteAllTextAsync(saved, Event("1") + "\n" + Event("2") + "\n[" + Event("3") + "]", Artifacts.Token);
        var message = new JsonObject
        {
            ["MessageId"] = "m-1",
            ["Body"] = Event("4"),
            ["MessageAttributes"] = new JsonObject { ["RequestID"] = new JsonObject { ["StringValue"] = "r-4" } },
        };
        var messages = Path.Combine(_folder, "messages.json");
        var response = new JsonObject { ["Messages"] = new JsonArray(message) };
        await File.WriteAllTextAsync(messages, response.ToJsonString(), Artifacts.Token);
        var report = JsonNode.Parse((await ReplayAsync(0, saved, messages, "--json", "--rate", "500")).Output);
        Assert.Equal((4, 4, 0), (report.Number("delivered"), report.Number("acted"), report.Number("failed")));
        Assert.Equal(
            [saved + ":1", saved + ":2", saved + ":3[0]", messages + "[0]"],
            report.List("events").Select(entry => entry.Text("event")));
        Assert.Equal("r-4", report.Text("events", 3, "requestId"));
        Assert.Equal(
            [
                "opening valve V-1 at level 90",
                "opening valve V-2 at level 90",
                "opening valve V-3 at level 90",
                "opening valve V-4 at level 90",
            ],
            await ReadValvesAsync());

        var start = new ProcessStartInfo(Artifacts.Tool, ["replay", "-", "--json", "--state", State, .. Artifacts.DemoRoutes])
        {
            WorkingDirectory = Artifacts.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(Event("1"));
        process.StandardInput.Close();
        report = JsonNode.Parse(await process.StandardOutput.ReadToEndAsync(Artifacts.Token));
        Assert.Equal(1, report.Number("alreadyDone"));
    }

    [Fact]
    public async Task An_event_without_a_route_fails_and_a_file_that_is_no_JSON_is_named_C2_4()
    {
        var file = Path.Combine(_folder, "other.json");
        await File.WriteAllTextAsync(file, Unmatched, Artifacts.Token);
        Assert.Contains("failed", (await ReplayAsync(1, file)).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "{}{", Artifacts.Token);
        Assert.Contains($"{file}: document 2 is not JSON", (await ReplayAsync(2, file)).Error, StringComparison.Ordinal);
        Assert.Contains("replay takes files", (await Artifacts.RunToolAsync(["replay"])).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_loses_the_messages_that_succeed_and_keeps_the_others()
    {
        var world = Path.Combine(_folder, "world.json");
        JsonNode[] bodies = [.. Enumerable.Range(1, 12).Select(number => Event(number.ToString(provider: null))), Unmatched];
        var document = new JsonObject
        {
            ["instances"] = new JsonArray(JsonNode.Parse("""{"id":"i-0aaaaaaaaaaaaaaa1","tags":{"Role":"pump-controller"}}""")),
            ["queues"] = new JsonObject { ["dead-letters"] = new JsonArray(bodies) },
        };
        await File.WriteAllTextAsync(world, document.ToJsonString(), Artifacts.Token);
        await using var serve = await LocalServe.StartAsync("--world", world);
        var queue = $"{serve.Url}/123456789012/dead-letters";
        foreach (var (delivered, acted) in ((int, int)[])[(13, 12), (1, 0)])
        {
            var (exitCode, output, error) = await Artifacts.RunAsync(
                Artifacts.Tool,
                ["replay", "--queue", queue, "--function", "fasttrigger", "--endpoint-url", serve.Url, "--rate", "500", "--json"],
                [.. serve.Keys.Select(pair => (pair.Key, pair.Value))]);
            Assert.True(exitCode == 1, error);
            var report = JsonNode.Parse(output);
            Assert.Equal((delivered, acted, 1), (report.Number("delivered"), report.Number("acted"), report.Number("failed")));
            Assert.Contains("Function.Unmatched", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_a_queue_of_others_only_what_the_function_did_is_deleted()
    {
        var skipped = Event("2").Replace("\"level\": 90", "\"level\": 90, \"skip\": true", StringComparison.Ordinal);
        var routes = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(
            routes,
            """
            {"routes": [
              {"name": "valve", "when": {"source": ["water.plant"], "detail": {"skip": [{"exists": false}]}},
               "do": [{"run-command": {"targets": {"tag:Role": ["pump-controller"]}, "commands": ["true"]}}]},
              {"name": "skip", "when": {"detail": {"skip": [true]}}, "dryRun": true,
               "do": [{"run-command": {"targets": {"tag:Role": ["pump-controller"]}, "commands": ["true"]}}]}]}
            """,
            Artifacts.Token);
        var world = Path.Combine(_folder, "world.json");
        await File.WriteAllTextAsync(
            world,
            """{"instances": [{"id": "i-0aaaaaaaaaaaaaaa1", "tags": {"Role": "pump-controller"}}]}""",
            Artifacts.Token);
        await using var serve = await LocalServe.StartAsync("--world", world, "--routes", routes);
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        Assert.True(Directory.Exists(Path.Combine(modules, "fauxqs")), "fauxqs is missing: ./bootstrap.sh test installs it");
        var start = new ProcessStartInfo("node", ["tests/peers/fauxqs.mjs", modules, Event("1"), skipped, Unmatched])
        {
            WorkingDirectory = Artifacts.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var queue = Process.Start(start)!;
        _ = queue.StandardError.ReadToEndAsync(Artifacts.Token);
        var line = (await queue.StandardOutput.ReadLineAsync(Artifacts.Token))!.Split(' ');
        string[] arguments = ["replay", "--queue", line[1], "--endpoint-url", serve.Url, "--rate", "500"];
        (string, string)[] environment = [.. serve.Keys.Select(pair => (pair.Key, pair.Value)), ("AWS_ENDPOINT_URL_SQS", line[0])];

        var (exitCode, _, error) = await Artifacts.RunToolAsync(arguments, environment);
        Assert.Equal(2, exitCode);
        Assert.Contains("--queue needs --function NAME", error, StringComparison.Ordinal);
        (_, var output, error) = await Artifacts.RunToolAsync([.. arguments, "--function", "fasttrigger", "--dry-run"], environment);
        Assert.True(output.EndsWith("dry run: delivered 3, acted 0, already done 0, skipped 2, failed 1\n", Ordinal), output + error);
        (_, output, error) = await Artifacts.RunToolAsync([.. arguments, "--function", "fasttrigger"], environment);
        Assert.True(output.EndsWith("delivered 3, acted 1, already done 0, skipped 1, failed 1\n", Ordinal), output + error);

        queue.StandardInput.Close();
        var left = JsonNode.Parse((await queue.StandardOutput.ReadLineAsync(Artifacts.Token))!);
        Assert.Equal([skipped, Unmatched], left.List("ready").Select(body => body!.GetValue<string>()));
        Assert.Empty(left.List("inflight"));
        await queue.WaitForExitAsync(Artifacts.Token);
    }

    private static string Event(string number) =>
        $$$"""
        {
          "version": "0",
          "id": "00000000-0000-0000-0000-{{{number.PadLeft(12, '0')}}}",
          "source": "water.plant",
          "detail-type": "Tank Level",
          "account": "123456789012",
          "region": "us-east-1",
          "time": "2026-11-20T14:00:00Z",
          "detail": {"level": 90, "valve": "V-{{{number}}}"}
        }
        """;

    private Task<string[]> ReadValvesAsync() =>
        File.ReadAllLinesAsync(Path.Combine(State, "i-0aaaaaaaaaaaaaaa1", "work", "valves.log"), Artifacts.Token);

    /// <summary>Runs an event that fails on all attempts, and returns the file with its record.</summary>
    private async Task<string> FailAsync()
    {
        var world = Path.Combine(_folder, "throttled.json");
        await File.WriteAllTextAsync(world, Throttled, Artifacts.Token);
        var letters = Path.Combine(_folder, "dead-letters.jsonl");
        var (exitCode, _, error) = await Artifacts.RunToolAsync(
            [
                "run", Artifacts.Demo("tank-high.json"), .. Artifacts.DemoRoutes, "--world", world, "--asynchronous",
                "--dead-letters", letters,
            ]);
        Assert.True(exitCode == 1, error);
        return letters;
    }

    private async Task<(int ExitCode, string Output, string Error)> ReplayAsync(int expected, params string[] arguments)
    {
        var result = await Artifacts.RunToolAsync(["replay", .. arguments, "--state", State, .. Artifacts.DemoRoutes]);
        Assert.True(result.ExitCode == expected, result.Error + result.Output);
        return result;
    }
}
