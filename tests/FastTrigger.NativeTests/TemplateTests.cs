using FastTrigger.Cli.Templates;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger template: what is deployed, read by a reader that is not ours.</summary>
public sealed class TemplateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-template-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Demos => ["build/demo/routes.json", "build/demo/actions/routes.json"];

    [Theory]
    [MemberData(nameof(Demos))]
    public async Task A_reader_of_AWSs_own_takes_it_and_every_pattern_in_it_is_its_routes(string routes)
    {
        var template = await TemplateAsync(routes);
        var (exitCode, output, error) = await IncludeAsync(template);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var resources = JsonNode.Parse(output)!["Resources"]!;
        var events = resources["Function"]!["Properties"]!["Events"]!;
        var wanted = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Artifacts.Root, routes), TestContext.Current.CancellationToken))!["routes"]!.AsArray();
        foreach (var route in wanted)
        {
            var id = TemplateGenerator.LogicalId(route!["name"]!.GetValue<string>());
            var rule = resources[id + "Rule"];
            var pattern = rule?["Properties"]!["EventPattern"] ?? events[id]!["Properties"]!["Pattern"];
            Assert.Equal(route["retryFor"] is not null, rule is not null);
            Assert.True(JsonNode.DeepEquals(route["when"], pattern), $"{id}: {pattern}");
            Assert.Equal(route["schedule"]?.GetValue<string>(), events[id]!["Properties"]!["ScheduleExpression"]?.GetValue<string>());
            // Whatever the target is, what cannot be delivered to it is kept.
            var letters = (rule?["Properties"]!["Targets"]![0]! ?? events[id]!["Properties"]!)["DeadLetterConfig"]!["Arn"]!["Fn::GetAtt"]![0]!.GetValue<string>();
            Assert.Equal(id + "DeadLetters", letters);
            Assert.NotNull(resources[letters + "Alarm"]);
            Assert.False(events["Playback" + letters]!["Properties"]!["Enabled"]!.GetValue<bool>());
        }

        Assert.Equal(routes.Contains("actions", StringComparison.Ordinal), resources["OnceTable"] is not null);
    }

    [Theory]
    [InlineData("TreatMissingData:", "TreatMissingDatum:")]
    [InlineData("AWS::SQS::QueuePolicy", "AWS::SQS::QueuePolicies")]
    [InlineData("Ref: TrailBucket", "Ref: Nothing")]
    [InlineData("MessageRetentionPeriod: 1209600", "MessageRetentionPeriod: long")]
    public async Task That_reader_refuses_what_is_wrong(string right, string wrong)
    {
        var template = await TemplateAsync("build/demo/routes.json");
        Assert.Contains(right, template, StringComparison.Ordinal);
        var (exitCode, _, error) = await IncludeAsync(template.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(exitCode != 0 || error.Length > 0);
    }

    [Fact]
    public async Task What_rules_schedules_and_queues_send_reaches_its_route_alone_C2_3()
    {
        var template = TemplateYaml.Read(await TemplateAsync("build/demo/routes.json"))!;
        var events = template["Resources"]!["Function"]!["Properties"]!["Events"]!;
        var input = events["DrainTank"]!["Properties"]!["InputTransformer"]!["InputTemplate"]!.GetValue<string>().Replace("<aws.events.event.json>", Artifacts.Read("tank-high.json"), StringComparison.Ordinal);
        var schedule = events["SiteUp"]!["Properties"]!["Input"]!.GetValue<string>()
            .Replace("<aws.scheduler.schedule-arn>", "arn:aws:scheduler:us-east-1:123456789012:schedule/default/x", StringComparison.Ordinal).Replace("<aws.scheduler.scheduled-time>", "2026-11-20T14:35:00Z", StringComparison.Ordinal);
        const string Queue = "arn:aws:sqs:us-east-1:123456789012:stack-StartPumpControllerQueue-1";
        var delayed = template["Resources"]!["StartPumpControllerRule"]!["Properties"]!["Targets"]![0]!["InputTransformer"]!["InputTemplate"]!.GetValue<string>()
            .Replace("<aws.events.event.json>", Artifacts.Read("running.json"), StringComparison.Ordinal);
        var world = Cli.LocalAws.LocalWorld.Load(Path.Combine(Artifacts.Root, Artifacts.Demo("world.json")));
        await using var function = await NativeFunction.StartAsync(file: world, variables: ("FASTTRIGGER_TRUST", Queue));
        foreach (var (payload, route) in ((string, string)[])[(input, "drain-tank"), (schedule, "site-up"), (Message(Queue, delayed), "start-pump-controller")])
        {
            var (document, errorType) = await function.InvokeAsync(payload);
            Assert.True(errorType is null, document?.ToJsonString());
            Assert.Equal(route, Assert.Single(document!["routes"]!.AsArray())!["route"]!.GetValue<string>());
        }

        // The same from a queue that nobody trusts is a message like any other.
        var (other, _) = await function.InvokeAsync(Message("arn:aws:sqs:us-east-1:999999999999:theirs", delayed));
        Assert.Empty(other!["routes"]!.AsArray());
    }

    [Fact]
    public async Task A_template_that_was_deployed_is_compared_with_the_routes()
    {
        var file = Path.Combine(_folder, "deployed.yaml");
        var template = await TemplateAsync("build/demo/routes.json", "--timeout", "60", "--code", "other.zip");
        // sam package puts the place of the zip in.
        await File.WriteAllTextAsync(file, template.Replace("CodeUri: other.zip", "CodeUri: s3://bucket/1234", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await CheckAsync(file, "build/demo/routes.json");
        Assert.True(exitCode == 0, error);
        Assert.Contains("is what build/demo/routes.json asks for", output, StringComparison.Ordinal);

        // As the AWS CLI gives it, in JSON.
        var json = Path.Combine(_folder, "deployed.json");
        await File.WriteAllTextAsync(json, TemplateYaml.Read(template)!.ToJsonString(), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await CheckAsync(json, "build/demo/routes.json")).ExitCode);

        var routes = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(routes, Artifacts.Read("routes.json").Replace("[\">\", 80]", "[\">\", 70]", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (exitCode, output, error) = await CheckAsync(file, routes);
        Assert.Equal(1, exitCode);
        Assert.Equal("Resources.Function.Properties.Events.DrainTank.Properties.Pattern.detail.level[0].numeric[1]: deployed \"80\", the routes ask for 70\n", error);
        Assert.EndsWith("1 differences\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_EventBridge_would_refuse_is_refused_here()
    {
        var routes = Path.Combine(_folder, "routes.json");
        var values = string.Join(',', Enumerable.Range(0, 400).Select(i => $"\"value-{i:d6}\""));
        await File.WriteAllTextAsync(routes, $$"""{"routes":[{"name":"long","when":{"source":[{{values}}]},"do":[{"check-website":{"url":"https://example.com/"} }]}]}""", TestContext.Current.CancellationToken);
        var (exitCode, _, error) = await Artifacts.RunAsync(Artifacts.Tool, ["template", "--routes", routes]);
        Assert.Equal(1, exitCode);
        Assert.Contains("route 'long': its pattern has 6", error, StringComparison.Ordinal);
        Assert.Contains("takes 4096 at most", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_that_take_from_a_queue_get_it_and_no_rule()
    {
        var routes = Path.Combine(_folder, "routes.json");
        const string Do = """[{"check-website":{"url":"https://example.com/"}}]""";
        const string Text = $$"""
            {"trust":["arn:aws:sqs:eu-central-1:123456789012:plant"],"routes":[
              {"name":"a.b","from":["sqs"],"when":{"body":{"tank":["T-1"]} },"do":{{Do}} },
              {"name":"a-b","schedule":"cron(0 6 * * ? *)","timezone":"Europe/Berlin","do":{{Do}} }]}
            """;
        await File.WriteAllTextAsync(routes, Text, TestContext.Current.CancellationToken);
        var template = await TemplateAsync(routes);
        Assert.Equal(0, (await IncludeAsync(template)).ExitCode);
        var events = TemplateYaml.Read(template)!["Resources"]!["Function"]!["Properties"]!["Events"]!;
        Assert.Equal("arn:aws:sqs:eu-central-1:123456789012:plant", events["Taken"]!["Properties"]!["Queue"]!.GetValue<string>());
        Assert.Equal("Europe/Berlin", events["ABNo2"]!["Properties"]!["ScheduleExpressionTimezone"]!.GetValue<string>());
        Assert.DoesNotContain("EventBridgeRule", template, StringComparison.Ordinal);
        // Whoever does not say the queue in routes.json says it when deploying.
        await File.WriteAllTextAsync(routes, Text.Replace("""["arn:aws:sqs:eu-central-1:123456789012:plant"]""", "[]", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await IncludeAsync(await TemplateAsync(routes))).ExitCode);
    }

    [Fact]
    public async Task Routes_that_take_from_streams_get_mappings_that_lose_no_record()
    {
        var routes = Path.Combine(_folder, "routes.json");
        await File.WriteAllTextAsync(routes, """
            {"routes":[
              {"name":"level","from":["kinesis"],"when":{"data":{"level":[{"numeric":[">",80]}]}},"do":[{"check-website":{"url":"https://example.com/"}}]},
              {"name":"row","from":["dynamodb"],"when":{"eventName":["INSERT"]},"do":[{"check-website":{"url":"https://example.com/"}}]}]}
            """, TestContext.Current.CancellationToken);
        var text = await TemplateAsync(routes, "--filter-streams");
        var (exitCode, _, error) = await IncludeAsync(text);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var resources = TemplateYaml.Read(text)!["Resources"]!;
        foreach (var (kind, pattern) in ((string, string)[])[("Kinesis", """{"data":{"level":[{"numeric":[">",80]}]}}"""), ("DynamoDB", """{"eventName":["INSERT"]}""")])
        {
            var mapping = resources["Function"]!["Properties"]!["Events"]![kind]!["Properties"]!;
            Assert.Equal(("5", "86400", "true"), (mapping["MaximumRetryAttempts"]!.ToString(), mapping["MaximumRecordAgeInSeconds"]!.ToString(), mapping["BisectBatchOnFunctionError"]!.ToString()));
            Assert.Equal("ReportBatchItemFailures", mapping["FunctionResponseTypes"]![0]!.ToString());
            Assert.Equal("FailedBatches", mapping["DestinationConfig"]!["OnFailure"]!["Destination"]!["Fn::GetAtt"]![0]!.ToString());
            Assert.Equal(pattern, mapping["FilterCriteria"]!["Filters"]![0]!["Pattern"]!.ToString());
        }

        Assert.NotNull(resources["IteratorAgeAlarm"]);
        var deployed = Path.Combine(_folder, "deployed.yaml");
        await File.WriteAllTextAsync(deployed, text, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await CheckAsync(deployed, routes)).ExitCode);
        Assert.DoesNotContain("FilterCriteria", await TemplateAsync(routes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_source_that_a_route_may_take_from_is_deployed_or_said_to_be_left()
    {
        var routes = Path.Combine(_folder, "routes.json");
        var names = FastTrigger.Events.EventSources.Names.Except(["eventbridge", "scheduler", "direct", "http"]).ToList();
        await File.WriteAllTextAsync(routes, $$"""
            {"routes":[
              {"name":"all","from":[{{string.Join(',', names.Select(name => $"\"{name}\""))}}],"when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.com/"} }]},
              {"name":"url","from":["http"],"auth":{"iam":{"principals":["arn:aws:iam::123456789012:role/x"]} },"when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.com/"} }]},
              {"name":"api","from":["http"],"auth":{"jwt":{"claims":{"scope":["x"]} } },"when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.com/"} }]},
              {"name":"hook","lifecycle":{},"when":{"source":["aws.autoscaling"]},"do":[{"check-website":{"url":"https://example.com/"} }]}]}
            """, TestContext.Current.CancellationToken);
        var (exitCode, text, notes) = await Artifacts.RunAsync(Artifacts.Tool, ["template", "--routes", routes]);
        Assert.True(exitCode == 0, notes);
        var (included, _, error) = await IncludeAsync(text);
        Assert.True(included == 0 && error.Length == 0, error);
        var resources = TemplateYaml.Read(text)!["Resources"]!;
        var function = resources["Function"]!["Properties"]!;
        Assert.Equal("AWS_IAM", function["FunctionUrlConfig"]!["AuthType"]!.ToString());
        foreach (var name in names)
        {
            var own = name switch { "sqs" => "Taken", "sns" => "Topic", "kinesis" => "Kinesis", "dynamodb" => "DynamoDB", "logs" => "LogGroup", "mq" => "Broker", _ => "" };
            Assert.True(function["Events"]![own] is not null || (name == "kafka" && resources["Kafka"] is not null) || notes.Contains(name + ": ", StringComparison.Ordinal), name);
        }

        Assert.Equal("HttpApi", function["Events"]!["Api"]!["Type"]!.ToString());
        // Without it, an answer that names what was not done would be taken for success.
        Assert.Equal("ReportBatchItemFailures", resources["Kafka"]!["Properties"]!["FunctionResponseTypes"]![0]!.ToString());
        var permissions = resources.AsObject().Where(resource => resource.Value!["Type"]!.ToString() == "AWS::Lambda::Permission").ToList();
        Assert.Equal(10, permissions.Count);
        // Nobody else's bucket, alarm or skill may invoke it.
        Assert.All(permissions, permission => Assert.True(permission.Value!["Properties"]!["SourceAccount"] is not null || permission.Value["Properties"]!["EventSourceToken"] is not null));
        var policy = resources["FunctionRole"]!.ToJsonString();
        Assert.All(["codepipeline:PutJobSuccessResult", "config:PutEvaluations", "autoscaling:CompleteLifecycleAction", "kafka:GetBootstrapBrokers", "mq:DescribeBroker"], action => Assert.Contains(action, policy, StringComparison.Ordinal));
        await File.WriteAllTextAsync(routes, """
            {"routes":[
              {"name":"signed","from":["http"],"auth":{"hmac":{"secret":"${ssm:/k}"}},"when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.com/"}}]}]}
            """, TestContext.Current.CancellationToken);
        text = await TemplateAsync(routes);
        resources = TemplateYaml.Read(text)!["Resources"]!;
        Assert.Equal("NONE", resources["Function"]!["Properties"]!["FunctionUrlConfig"]!["AuthType"]!.ToString());
        Assert.NotNull(resources["OnceTable"]);
        Assert.Equal(0, (await IncludeAsync(text)).ExitCode);
        await File.WriteAllTextAsync(routes, """
            {"routes":[
              {"name":"url","from":["http"],"auth":{"iam":{"principals":["arn:aws:iam::123456789012:role/x"]}},"when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.com/"}}]},
              {"name":"open","from":["http"],"auth":"none","when":{"x":["y"]},"do":[{"check-website":{"url":"https://example.com/"}}]}]}
            """, TestContext.Current.CancellationToken);
        var (refused, _, problem) = await Artifacts.RunAsync(Artifacts.Tool, ["template", "--routes", routes]);
        Assert.Equal(1, refused);
        Assert.Contains("a Function URL does either", problem, StringComparison.Ordinal);
    }

    private static string Message(string queue, string body) => new JsonObject
    {
        ["Records"] = new JsonArray(new JsonObject { ["messageId"] = "m-1", ["body"] = body, ["attributes"] = new JsonObject(), ["messageAttributes"] = new JsonObject(), ["eventSource"] = "aws:sqs", ["eventSourceARN"] = queue, ["awsRegion"] = "us-east-1" }),
    }.ToJsonString();

    private static async Task<string> TemplateAsync(string routes, params string[] arguments)
    {
        var (exitCode, output, error) = await Artifacts.RunAsync(Artifacts.Tool, ["template", "--routes", routes, .. arguments]);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private static Task<(int ExitCode, string Output, string Error)> CheckAsync(string file, string routes) => Artifacts.RunAsync(Artifacts.Tool, ["template", "--routes", routes, "--check", file]);

    private async Task<(int ExitCode, string Output, string Error)> IncludeAsync(string template)
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        Assert.True(Directory.Exists(Path.Combine(modules, "aws-cdk-lib")), $"{modules} is missing: ./bootstrap.sh test installs it");
        var file = Path.Combine(_folder, $"{Guid.NewGuid():n}.yaml");
        // What SAM makes and lets a template refer to (docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html), the reader does not know of.
        template = template.Replace("Function.Alias", "Function", StringComparison.Ordinal);
        template = template.Contains("FunctionUrlConfig", StringComparison.Ordinal) ? template.Replace("\nResources:\n", "\nResources:\n  FunctionUrl: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: a}}\n", StringComparison.Ordinal) : template;
        // The reader's model of SAM says that OnSuccess is needed; SAM's own documentation does not
        // (docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventinvokedestinationconfiguration.html).
        await File.WriteAllTextAsync(file, template.Replace("\n          OnFailure:\n", "\n          OnSuccess: {Type: SQS, Destination: none}\n          OnFailure:\n", StringComparison.Ordinal));
        return await Artifacts.RunAsync("node", ["tests/peers/cdk-include.mjs", modules, file]);
    }
}
