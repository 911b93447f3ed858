using System.Text.RegularExpressions;
using FastTrigger.Tests.Documentation;

namespace FastTrigger.NativeTests;

/// <summary>Runs every command in a plain block of the documentation, in its order.</summary>
public sealed class DocumentedCommandTests
{
    [Fact]
    public async Task Every_command_does_what_the_page_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "replay")).FullName, recursive: true);
        var outputs = await DocumentedCommands.RunAsync("docs/actions.md");
        Assert.InRange(outputs.Count, 15, 100);
        Assert.Single(outputs, output => output.Contains("acted 0, already done 1,", StringComparison.Ordinal));
        Assert.Single(outputs, output => output.Contains("$(reboot); `id` '\" --all runs at 1450 rpm", StringComparison.Ordinal));
        var chaos = outputs.SelectMany(output => output.Split('\n').Where(line => line.StartsWith("events ", StringComparison.Ordinal)));
        Assert.Collection(
            chaos,
            inside => Assert.EndsWith("failed 0 twice 0 lost 0", inside, StringComparison.Ordinal),
            wire => Assert.Contains("failed 0 twice 0 lost 0 false 0 late 0", wire, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_local_command_of_the_deployment_page_does_what_the_page_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "deploy")).FullName, recursive: true);
        var outputs = await DocumentedCommands.RunAsync("docs/deploy.md");
        Assert.InRange(outputs.Count, 8, 100);
        Assert.Contains("artifacts/deploy/template.yaml matches build/demo/routes.json\n", outputs);
        Assert.Single(outputs, output => output.Contains("acted 1, already done 0,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_command_of_the_events_page_does_what_the_page_says()
    {
        var outputs = await DocumentedCommands.RunAsync("docs/events.md");
        Assert.Equal(9, outputs.Count);
        Assert.EndsWith("not everything was done: 1 unmatched\n", outputs[2], StringComparison.Ordinal);
        Assert.Contains("\"statusCode\":202", outputs[4], StringComparison.Ordinal);
        Assert.Contains("opening valve V-22 for 6c1a7c7e-2f5b-4d0c-8a7b-2f0f7b1c9a11", outputs[4], StringComparison.Ordinal);
        Assert.Contains("s3 PutObject 200 Status=SUCCESS", outputs[6], StringComparison.Ordinal);
        Assert.Contains("pump controller started on i-0123456789abcdef0", outputs[8], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_recipe_of_the_cookbook_does_what_it_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "cookbook")).FullName, recursive: true);
        var outputs = await DocumentedCommands.RunAsync("docs/cookbook.md");
        Assert.Equal(2 * Cli.Recipes.Recipe.All.Count, outputs.Count);
        Assert.All(
            outputs.Where((_, i) => i % 2 == 1),
            output => Assert.EndsWith("everything was done\n", output, StringComparison.Ordinal));
        var page = await File.ReadAllTextAsync(Path.Combine(Artifacts.Root, "docs", "cookbook.md"), Artifacts.Token);
        foreach (var recipe in Cli.Recipes.Recipe.All)
        {
            Assert.Contains($"\n## {recipe.Name}\n", page, StringComparison.Ordinal);
            Assert.Contains($"```json\n{recipe.Read("routes.json")}```", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_route_of_the_readme_works_by_copy_and_paste()
    {
        var outputs = await DocumentedCommands.RunAsync("README.md");
        Assert.InRange(outputs.Count, 8, 20);
        Assert.Contains("opening valve V-17 at level 91.5", outputs[0], StringComparison.Ordinal);
        Assert.Single(outputs, output => output.Contains("opening valve V-17\n", StringComparison.Ordinal));
        var routes = await File.ReadAllLinesAsync(Path.Combine(Artifacts.Root, "artifacts", "try", "routes.json"), Artifacts.Token);
        Assert.Equal(10, routes.Length);
    }

    [Fact]
    public async Task Every_command_of_the_first_ten_minutes_does_what_the_page_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "plant")).FullName, recursive: true);
        var outputs = await DocumentedCommands.RunAsync("docs/getting-started.md", of: "--routes artifacts/plant/routes.json");
        var runs = outputs.Where(output => output.StartsWith("cold start ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, runs.Count);
        Assert.Contains("opening valve V-17 at level 91.5\n", runs[0], StringComparison.Ordinal);
        Assert.Contains("fasttrigger: already done on this server for ", runs[1], StringComparison.Ordinal);
        Assert.Contains("opening valve V-17 at level 40\n", runs[2], StringComparison.Ordinal);
        var shown = MarkdownPage.Open("docs/getting-started.md").Blocks
            .Single(block => block.Code.Contains("does not match", StringComparison.Ordinal)).Code;
        Assert.Contains(shown, outputs);
    }

    [Theory]
    [InlineData("docs/local-servers.md", "\"outcome\"")]
    [InlineData("docs/csharp.md", "tank north at 91.5")]
    [InlineData("docs/patterns.md", "route 'drain-tank' takes 1\n")]
    [InlineData("docs/patterns.md", "    detail.level wants a number > 80, and the event has 42\nroute 'drain-tank' takes 0 of 1")]
    public async Task Every_command_of_another_page_does_what_the_page_says(string page, string expected)
    {
        var outputs = await DocumentedCommands.RunAsync(page);
        Assert.Contains(outputs, output => output.Contains(expected, StringComparison.Ordinal));
    }

    /// <summary>Numbers, times and ids are those of another run.</summary>
    [Fact]
    public async Task The_ten_queries_have_the_answers_of_the_operating_page()
    {
        var answers = await DocumentedCommands.RunAsync("docs/operate.md", of: "--query ");
        var shown = MarkdownPage.Open("docs/operate.md").Blocks.Where(static block => block.Language == "text");
        Assert.Equal(10, answers.Count);
        Assert.Equal(shown.Select(static block => Masked(block.Code)), answers.Select(Masked));

        static string Masked(string answer) => string.Join('\n', answer.Split('\n').Select(static line =>
            Regex.Replace(Regex.Replace(line, "[0-9a-f]*[0-9][0-9a-f.:-]*", "0"), "[ -]+", " ").TrimEnd()));
    }

    [Fact]
    public async Task Every_sample_is_answered_by_the_function()
    {
        const string Routes = """
            {"routes": [{"name": "none", "when": {"x": ["y"]}, "do": [{"check-website": {"url": "https://localhost/"}}]}]}
            """;
        await using var function = await NativeFunction.StartAsync(Routes, variables: ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        foreach (var name in Cli.Samples.SampleEvents.Names)
        {
            var (document, errorType) = await function.InvokeAsync(Cli.Samples.SampleEvents.Read(name));
            // A replayed event that no route takes is a failure. The response of a batch lists its failed records.
            // Cognito takes silence for consent, so a user whom no route takes is refused.
            var isError = name.Split('-')[0] is "destination" or "cognito";
            Assert.Equal(isError ? "Function.Unmatched" : null, errorType);
            Assert.NotNull(document);
            var isBatch = name.Split('/', '-')[0] is "sqs" or "kinesis" or "dynamodb" or "kafka"
                || (name.StartsWith("pipes/", StringComparison.Ordinal) && name is not ("pipes/kafka" or "pipes/mq"));
            Assert.Equal(isBatch, document["batchItemFailures"] is not null);
            Assert.Equal(name is "kinesis-window" or "kinesis-window-end", document["state"] is not null);
            var isHttp = name.StartsWith("http", StringComparison.Ordinal);
            Assert.Equal(isHttp ? name == "http-alb-health" ? "200" : "404" : null, document["statusCode"]?.ToString());
        }
    }

    [Fact]
    public async Task Every_sample_is_handled_by_its_routes()
    {
        var folder = Path.Combine(Artifacts.Root, "build", "demo", "sources");
        await using var function = await NativeFunction.StartAsync(
            await File.ReadAllTextAsync(Path.Combine(folder, "routes.json"), Artifacts.Token),
            Cli.LocalAws.WorldReader.Load(Path.Combine(folder, "world.json")),
            variables:
            [
                ("FASTTRIGGER_ONCE_TABLE", "once"),
                ("FASTTRIGGER_TRUST", "arn:*"),
                ("FASTTRIGGER_PARTIAL_BATCH", "on"),
            ]);
        foreach (var (sample, expected) in ((string, string)[])[
            ("http", "\"statusCode\":202"),
            ("http-url", "\"statusCode\":200"),
            ("http-1.0", "\"statusCode\":403"),
            ("http-rest", "\"statusCode\":200"),
            ("http-alb", "\"statusCode\":401"),
            ("http-websocket", "\"statusCode\":404"),
            ("authorizer", "\"Effect\":\"Allow\""),
            ("authorizer-token", "\"Effect\":\"Deny\""),
            ("authorizer-http", "\"isAuthorized\":false"),
            ("cloudformation", "\"route\":\"valve-resource\""),
            ("codepipeline", "\"route\":\"release-check\""),
            ("config", "\"route\":\"no-owner\""),
            ("eventbridge-lifecycle", "\"detail\":\"completed with CONTINUE\""),
            ("logs", "\"route\":\"pump-overheated\""),
            ("kinesis/logs", "{\"batchItemFailures\":[]}"),
            ("alarm", "\"route\":\"tank-alarm\"")])
        {
            var (document, errorType) = await function.InvokeAsync(Cli.Samples.SampleEvents.Read(sample));
            Assert.True(errorType is null, $"{sample}: {document?.ToJsonString()}");
            Assert.Contains(expected, document!.ToJsonString(Cli.ReadableJson.OneLine), StringComparison.Ordinal);
        }

        Assert.Equal(
            ["CompleteLifecycleAction", "PutEvaluations", "PutJobSuccessResult", "PutObject"],
            function.World.Calls
                .Where(call => call.Service is "s3" or "codepipeline" or "config" or "autoscaling")
                .Select(call => call.Operation)
                .Order());
    }
}
