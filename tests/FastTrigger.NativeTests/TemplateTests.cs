using FastTrigger.Cli.Templates;
using static FastTrigger.NativeTests.TemplateTool;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger template: the deployed resources, read by aws-cdk-lib.</summary>
public sealed class TemplateTests : IDisposable
{
    private readonly TemplateTool _tool = new();

    public void Dispose() => _tool.Dispose();

    public static TheoryData<string> Demos => ["build/demo/routes.json", "build/demo/actions/routes.json"];

    [Theory]
    [MemberData(nameof(Demos))]
    public async Task AWSs_own_reader_accepts_it_and_its_patterns_are_those_of_the_routes(string routes)
    {
        var template = await CreateAsync(routes);
        var (exitCode, output, error) = await _tool.IncludeAsync(template);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var resources = JsonNode.Parse(output)!["Resources"]!;
        var events = resources["Function"]!["Properties"]!["Events"]!;
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Artifacts.Root, routes), Artifacts.Token));
        foreach (var route in file.List("routes"))
        {
            var id = CloudFormation.LogicalId(route!["name"]!.GetValue<string>());
            var rule = resources[id + "Rule"];
            var pattern = rule?["Properties"]!["EventPattern"];
            Assert.True(JsonNode.DeepEquals(route["when"], pattern), $"{id}: {pattern}");
            // A route with retryFor has a queue, and the mapping of the queue has no expression.
            Assert.Equal(route["retryFor"] is not null, resources[id + "Queue"] is not null);
            Assert.Equal(
                route["schedule"]?.GetValue<string>(),
                events[id]?["Properties"]!["ScheduleExpression"]?.GetValue<string>());
            // Every target has the dead-letter queue.
            var target = rule is null ? events[id]!["Properties"] : rule.At("Properties", "Targets", 0);
            Assert.Equal("DeadLetters", target.Text("DeadLetterConfig", "Arn", "Fn::GetAtt", 0));
        }

        Assert.NotNull(resources["DeadLettersAlarm"]);
        Assert.False(events["PlaybackDeadLetters"]!["Properties"]!["Enabled"]!.GetValue<bool>());

        Assert.Equal(routes.Contains("actions", StringComparison.Ordinal), resources["OnceTable"] is not null);
    }

    [Theory]
    [InlineData("TreatMissingData:", "TreatMissingDatum:")]
    [InlineData("AWS::SQS::QueuePolicy", "AWS::SQS::QueuePolicies")]
    [InlineData("Ref: TrailBucket", "Ref: Nothing")]
    [InlineData("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: long")]
    public async Task That_reader_refuses_an_invalid_template(string right, string wrong)
    {
        var template = await CreateAsync("build/demo/routes.json");
        Assert.Contains(right, template, StringComparison.Ordinal);
        var (exitCode, _, error) = await _tool.IncludeAsync(template.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(exitCode != 0 || error.Length > 0);
    }

    [Fact]
    public async Task Events_of_rules_schedules_and_queues_reach_only_their_route_C2_3()
    {
        var template = TemplateYaml.Read(await CreateAsync("build/demo/routes.json"))!;
        const string Queue = "arn:aws:sqs:us-east-1:123456789012:stack-StartPumpControllerQueue-1";
        const string Schedule = "arn:aws:scheduler:us-east-1:123456789012:schedule/default/x";
        var events = template.At("Resources", "Function", "Properties", "Events");
        var rule = template.At("Resources", "DrainTankRule", "Properties", "Targets", 0);
        var input = rule.Text("InputTransformer", "InputTemplate")
            .Replace("<aws.events.event.json>", Artifacts.Read("tank-high.json"), StringComparison.Ordinal);
        var schedule = events.Text("SiteUp", "Properties", "Input")
            .Replace("<aws.scheduler.schedule-arn>", Schedule, StringComparison.Ordinal)
            .Replace("<aws.scheduler.scheduled-time>", "2026-11-20T14:35:00Z", StringComparison.Ordinal);
        var target = template.At("Resources", "StartPumpControllerRule", "Properties", "Targets", 0);
        var delayed = target.Text("InputTransformer", "InputTemplate")
            .Replace("<aws.events.event.json>", Artifacts.Read("running.json"), StringComparison.Ordinal);
        var world = Cli.LocalAws.WorldReader.Load(Path.Combine(Artifacts.Root, Artifacts.Demo("world.json")));
        await using var function = await NativeFunction.StartAsync(file: world, variables: ("FASTTRIGGER_TRUST", Queue));
        foreach (var (payload, route) in ((string, string)[])[
            (input, "drain-tank"),
            (schedule, "site-up")])
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
            Assert.Equal(route, Assert.Single(document!["routes"]!.AsArray())!["route"]!.GetValue<string>());
        }

        // A batch is answered with nothing but its failed messages.
        await function.InvokeAsync(Message(Queue, delayed));
        function.AssertLogs("\"route\":\"start-pump-controller\"");

        // The same message from an untrusted queue is an ordinary message.
        await function.InvokeAsync(Message("arn:aws:sqs:us-east-1:999999999999:theirs", delayed));
        function.AssertLogs("\"routes\":0,");
    }

    [Fact]
    public async Task A_deployed_template_is_compared_with_the_routes()
    {
        var file = _tool.PathOf("deployed.yaml");
        var template = await CreateAsync("build/demo/routes.json", "--timeout", "60", "--code", "other.zip");
        // sam package replaces the path of the zip.
        var packaged = template.Replace("CodeUri: other.zip", "CodeUri: s3://bucket/1234", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, packaged, Artifacts.Token);
        var (exitCode, output, error) = await CompareAsync(file, "build/demo/routes.json");
        Assert.True(exitCode == 0, error);
        Assert.Contains("matches build/demo/routes.json", output, StringComparison.Ordinal);

        // The AWS CLI returns it as JSON.
        var json = _tool.PathOf("deployed.json");
        await File.WriteAllTextAsync(json, TemplateYaml.Read(template)!.ToJsonString(), Artifacts.Token);
        Assert.Equal(0, (await CompareAsync(json, "build/demo/routes.json")).ExitCode);

        var routes = _tool.PathOf("routes.json");
        var changed = Artifacts.Read("routes.json").Replace("[\">\", 80]", "[\">\", 70]", StringComparison.Ordinal);
        await File.WriteAllTextAsync(routes, changed, Artifacts.Token);
        (exitCode, output, error) = await CompareAsync(file, routes);
        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"routes: {routes}\n"
            + "Resources.DrainTankRule.Properties.EventPattern.detail.level[0].numeric[1]: "
            + "deployed \"80\", the routes ask for 70\n",
            error);
        Assert.EndsWith("1 differences\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_EventBridge_refuses_is_refused_here()
    {
        var routes = _tool.PathOf("routes.json");
        var values = string.Join(',', Enumerable.Range(0, 400).Select(i => $"\"value-{i:d6}\""));
        await File.WriteAllTextAsync(
            routes,
            $$"""{"routes":[{"name":"long","when":{"source":[{{values}}] },"do":[{{Check}}] }]}""",
            Artifacts.Token);
        var (exitCode, _, error) = await Artifacts.RunToolAsync(["template", "--routes", routes]);
        Assert.Equal(1, exitCode);
        Assert.Contains("route 'long': its pattern has 6", error, StringComparison.Ordinal);
        Assert.Contains("takes 4096 at most", error, StringComparison.Ordinal);
    }

    private static string Message(string queue, string body) => new JsonObject
    {
        ["Records"] = new JsonArray(new JsonObject
        {
            ["messageId"] = "m-1",
            ["body"] = body,
            ["attributes"] = new JsonObject(),
            ["messageAttributes"] = new JsonObject(),
            ["eventSource"] = "aws:sqs",
            ["eventSourceARN"] = queue,
            ["awsRegion"] = "us-east-1",
        }),
    }.ToJsonString();
}
