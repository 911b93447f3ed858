namespace FastTrigger.NativeTests;

/// <summary>Every command that the pages show in a plain block is run as it stands there, in its order.</summary>
public sealed class DocumentedCommandTests
{
    [Fact]
    public async Task Every_command_does_what_the_page_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "replay")).FullName, recursive: true);
        var outputs = await RunAsync("actions.md");
        Assert.InRange(outputs.Count, 15, 100);
        Assert.Single(outputs, output => output.Contains("acted 0, already done 1,", StringComparison.Ordinal));
        Assert.Single(outputs, output => output.Contains("$(reboot); `id` '\" --all runs at 1450 rpm", StringComparison.Ordinal));
        Assert.All(outputs.Where(output => output.StartsWith("events ", StringComparison.Ordinal)), output => Assert.EndsWith("twice 0 lost 0\n", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_local_command_of_the_way_to_production_does_what_the_page_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "deploy")).FullName, recursive: true);
        var outputs = await RunAsync("deploy.md");
        Assert.InRange(outputs.Count, 8, 100);
        Assert.Contains("artifacts/deploy/template.yaml is what build/demo/routes.json asks for\n", outputs);
        Assert.Single(outputs, output => output.Contains("acted 1, already done 0,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_command_of_the_event_sources_does_what_the_page_says()
    {
        var outputs = await RunAsync("events.md");
        Assert.Equal(7, outputs.Count);
        Assert.EndsWith("every outcome is ok\n", outputs[2], StringComparison.Ordinal);
        Assert.Contains("\"statusCode\":202", outputs[4], StringComparison.Ordinal);
        Assert.Contains("opening valve V-22 for 6c1a7c7e-2f5b-4d0c-8a7b-2f0f7b1c9a11", outputs[4], StringComparison.Ordinal);
        Assert.Contains("s3 PutObject 200 {\"Status\":\"SUCCESS\"", outputs[6], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_sample_is_answered_by_the_function()
    {
        await using var function = await NativeFunction.StartAsync(routes: """{"routes":[{"name":"none","when":{"x":["y"]},"do":[{"check-website":{"url":"https://localhost/"}}]}]}""", variables: ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        foreach (var (name, _) in Cli.Samples.SampleEvents.All)
        {
            var (document, errorType) = await function.InvokeAsync(Cli.Samples.SampleEvents.Read(name));
            // What came by playback and is taken by nobody is a failure; a batch is told nothing was left, or all of it.
            Assert.Equal(name is "destination" or "destination-success" ? "Function.Unmatched" : null, errorType);
            Assert.NotNull(document);
            Assert.Equal(name.Split('/', '-')[0] is "sqs" or "kinesis" or "dynamodb" or "kafka" or "pipes", document["batchItemFailures"] is not null);
            Assert.Equal(name == "kinesis-window", document["state"] is not null);
            Assert.Equal(name.StartsWith("http", StringComparison.Ordinal) ? name == "http-alb-health" ? "200" : "404" : null, document["statusCode"]?.ToString());
        }
    }

    [Fact]
    public async Task Every_sample_is_acted_on_by_the_routes_that_are_for_it()
    {
        var world = Cli.LocalAws.LocalWorld.Load(Path.Combine(Artifacts.Root, "build", "demo", "sources", "world.json"));
        await using var function = await NativeFunction.StartAsync(routes: await File.ReadAllTextAsync(Path.Combine(Artifacts.Root, "build", "demo", "sources", "routes.json"), TestContext.Current.CancellationToken), file: world, variables: [("FASTTRIGGER_ONCE_TABLE", "once"), ("FASTTRIGGER_TRUST", "arn:*"), ("FASTTRIGGER_PARTIAL_BATCH", "on")]);
        foreach (var (sample, expected) in ((string, string)[])[
            ("http", "\"statusCode\":202"), ("http-url", "\"statusCode\":200"), ("http-1.0", "\"statusCode\":403"), ("http-rest", "\"statusCode\":200"), ("http-alb", "\"statusCode\":401"), ("http-websocket", "\"statusCode\":404"),
            ("authorizer", "\"Effect\":\"Allow\""), ("authorizer-token", "\"Effect\":\"Deny\""), ("authorizer-http", "\"isAuthorized\":false"),
            ("cloudformation", "\"route\":\"valve-resource\""), ("codepipeline", "\"route\":\"release-check\""), ("config", "\"route\":\"no-owner\""),
            ("eventbridge-lifecycle", "\"detail\":\"told CONTINUE\""), ("logs", "\"route\":\"pump-overheated\""), ("kinesis/logs", "{\"batchItemFailures\":[]}"), ("alarm", "\"route\":\"tank-alarm\"")])
        {
            var (document, errorType) = await function.InvokeAsync(Cli.Samples.SampleEvents.Read(sample));
            Assert.True(errorType is null, $"{sample}: {document?.ToJsonString()}");
            Assert.Contains(expected, document!.ToJsonString(Cli.ReadableJson.OneLine), StringComparison.Ordinal);
        }

        Assert.Equal(["CompleteLifecycleAction", "PutEvaluations", "PutJobSuccessResult", "PutObject"], function.World.Calls.Where(call => call.Service is "s3" or "codepipeline" or "config" or "autoscaling").Select(call => call.Operation).Order());
    }

    private static async Task<List<string>> RunAsync(string page)
    {
        var outputs = new List<string>();
        string? block = null;
        foreach (var command in await File.ReadAllLinesAsync(Path.Combine(Artifacts.Root, "docs", page), TestContext.Current.CancellationToken))
        {
            if (command.StartsWith("```", StringComparison.Ordinal))
            {
                block = block is null ? command[3..] : null;
                continue;
            }

            // Only plain blocks are for this machine, and run in a minute.
            if (block != "" || command.Length == 0)
            {
                continue;
            }

            var (exitCode, output, error) = await Artifacts.RunAsync("bash", ["-c", command]);
            Assert.True(exitCode == 0, $"{command}\n{output}{error}");
            outputs.Add(output);
        }

        return outputs;
    }
}
