using FastTrigger.Cli.Templates;
using static FastTrigger.NativeTests.TemplateTool;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger template: the resources of each event source.</summary>
public sealed class TemplateSourceTests : IDisposable
{
    private readonly TemplateTool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Routes_that_take_from_a_queue_get_a_mapping_and_no_rule()
    {
        var routes = _tool.PathOf("routes.json");
        const string Trusted = "\"arn:aws:sqs:eu-central-1:123456789012:plant\"";
        const string Text = $$"""
            {"trust":[{{Trusted}}],"routes":[
              {"name":"a.b","from":["sqs"],"when":{"body":{"tank":["T-1"]} },"do":[{{Check}}] },
              {"name":"a-b","schedule":"cron(0 6 * * ? *)","timezone":"Europe/Berlin","do":[{{Check}}] }]}
            """;
        await File.WriteAllTextAsync(routes, Text, Artifacts.Token);
        var template = await CreateAsync(routes);
        Assert.Equal(0, (await _tool.IncludeAsync(template)).ExitCode);
        var events = TemplateYaml.Read(template).At("Resources", "Function", "Properties", "Events");
        Assert.Equal("arn:aws:sqs:eu-central-1:123456789012:plant", events.Text("Taken", "Properties", "Queue"));
        Assert.Equal("Europe/Berlin", events.Text("ABNo2", "Properties", "ScheduleExpressionTimezone"));
        Assert.DoesNotContain("AWS::Events::Rule", template, StringComparison.Ordinal);
        // A queue that routes.json does not name becomes a parameter of the deployment.
        await File.WriteAllTextAsync(routes, Text.Replace($"[{Trusted}]", "[]", StringComparison.Ordinal), Artifacts.Token);
        Assert.Equal(0, (await _tool.IncludeAsync(await CreateAsync(routes))).ExitCode);
    }

    [Fact]
    public async Task Routes_that_take_from_streams_get_mappings_that_lose_no_record()
    {
        var routes = _tool.PathOf("routes.json");
        const string Level = """{"data":{"level":[{"numeric":[">",80]}]}}""";
        const string Row = """{"eventName":["INSERT"]}""";
        await File.WriteAllTextAsync(
            routes,
            $$"""
            {"routes":[
              {"name":"level","from":["kinesis"],"when":{{Level}},"do":[{{Check}}] },
              {"name":"row","from":["dynamodb"],"when":{{Row}},"do":[{{Check}}] }]}
            """,
            Artifacts.Token);
        var text = await CreateAsync(routes, "--filter-streams");
        var (exitCode, _, error) = await _tool.IncludeAsync(text);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var resources = TemplateYaml.Read(text)!["Resources"]!;
        foreach (var (type, pattern) in ((string, string)[])[("Kinesis", Level), ("DynamoDB", Row)])
        {
            var mapping = resources.At("Function", "Properties", "Events", type, "Properties");
            Assert.Equal("5", mapping.Text("MaximumRetryAttempts"));
            Assert.Equal("86400", mapping.Text("MaximumRecordAgeInSeconds"));
            Assert.Equal("true", mapping.Text("BisectBatchOnFunctionError"));
            Assert.Equal("ReportBatchItemFailures", mapping.Text("FunctionResponseTypes", 0));
            Assert.Equal("FailedBatches", mapping.Text("DestinationConfig", "OnFailure", "Destination", "Fn::GetAtt", 0));
            Assert.Equal(pattern, mapping.Text("FilterCriteria", "Filters", 0, "Pattern"));
        }

        Assert.NotNull(resources["IteratorAgeAlarm"]);
        var deployed = _tool.PathOf("deployed.yaml");
        await File.WriteAllTextAsync(deployed, text, Artifacts.Token);
        Assert.Equal(0, (await CompareAsync(deployed, routes)).ExitCode);
        Assert.DoesNotContain("FilterCriteria", await CreateAsync(routes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_source_is_deployed_or_named_as_a_manual_step()
    {
        var routes = _tool.PathOf("routes.json");
        var names = FastTrigger.Events.EventSources.Names.Except(["eventbridge", "scheduler", "direct", "http"]).ToList();
        var sources = string.Join(',', names.Select(name => $"\"{name}\""));
        const string Principal = "arn:aws:iam::123456789012:role/x";
        await File.WriteAllTextAsync(
            routes,
            $$"""
            {"routes":[
              {"name":"all","from":[{{sources}}],"when":{"x":["y"]},"do":[{{Check}}] },
              {"name":"url","from":["http"],"auth":{"iam":{"principals":["{{Principal}}"]} },"when":{"x":["y"]},"do":[{{Check}}] },
              {"name":"api","from":["http"],"auth":{"jwt":{"claims":{"scope":["x"]} } },"when":{"x":["y"]},"do":[{{Check}}] },
              {"name":"hook","lifecycle":{},"when":{"source":["aws.autoscaling"]},"do":[{{Check}}] }]}
            """,
            Artifacts.Token);
        var (exitCode, text, notes) = await Artifacts.RunToolAsync(["template", "--routes", routes]);
        Assert.True(exitCode == 0, notes);
        var (included, _, error) = await _tool.IncludeAsync(text);
        Assert.True(included == 0 && error.Length == 0, error);
        var resources = TemplateYaml.Read(text)!["Resources"]!;
        var function = resources["Function"]!["Properties"]!;
        Assert.Equal("AWS_IAM", function["FunctionUrlConfig"]!["AuthType"]!.ToString());
        foreach (var name in names)
        {
            var isDeployed = function["Events"]![EventOf(name)] is not null || (name == "kafka" && resources["Kafka"] is not null);
            Assert.True(isDeployed || notes.Contains(name + ": ", StringComparison.Ordinal), name);
        }

        Assert.Equal("HttpApi", function["Events"]!["Api"]!["Type"]!.ToString());
        // Without this setting, Lambda takes a response that names failed records for success.
        Assert.Equal("ReportBatchItemFailures", resources.Text("Kafka", "Properties", "FunctionResponseTypes", 0));
        var permissions = resources.AsObject().Where(resource => resource.Value!["Type"]!.ToString() == "AWS::Lambda::Permission").ToList();
        Assert.Equal(11, permissions.Count);
        // No other account's bucket, alarm, rule or skill may invoke it.
        foreach (var (id, permission) in permissions)
        {
            var properties = permission!["Properties"]!;
            var isLimited = properties["SourceAccount"] ?? properties["EventSourceToken"] ?? properties["SourceArn"];
            Assert.True(isLimited is not null, id);
        }

        var policy = resources["FunctionRole"]!.ToJsonString();
        foreach (var action in (string[])[
            "codepipeline:PutJobSuccessResult",
            "config:PutEvaluations",
            "autoscaling:CompleteLifecycleAction",
            "kafka:GetBootstrapBrokers",
            "mq:DescribeBroker"])
        {
            Assert.Contains(action, policy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Routes_that_authenticate_their_callers_get_a_public_url_and_cannot_share_it()
    {
        var routes = _tool.PathOf("routes.json");
        await File.WriteAllTextAsync(
            routes,
            $$"""
            {"routes":[
              {"name":"signed","from":["http"],"auth":{"hmac":{"secret":"${ssm:/k}"} },"when":{"x":["y"]},"do":[{{Check}}] }]}
            """,
            Artifacts.Token);
        var text = await CreateAsync(routes);
        var resources = TemplateYaml.Read(text)!["Resources"]!;
        Assert.Equal("NONE", resources.Text("Function", "Properties", "FunctionUrlConfig", "AuthType"));
        Assert.NotNull(resources["OnceTable"]);
        Assert.Equal(0, (await _tool.IncludeAsync(text)).ExitCode);
        const string Principal = "arn:aws:iam::123456789012:role/x";
        await File.WriteAllTextAsync(
            routes,
            $$"""
            {"routes":[
              {"name":"url","from":["http"],"auth":{"iam":{"principals":["{{Principal}}"]} },"when":{"x":["y"]},"do":[{{Check}}] },
              {"name":"open","from":["http"],"auth":"none","when":{"x":["y"]},"do":[{{Check}}] }]}
            """,
            Artifacts.Token);
        var (refused, _, problem) = await Artifacts.RunToolAsync(["template", "--routes", routes]);
        Assert.Equal(1, refused);
        Assert.Contains("a Function URL does either", problem, StringComparison.Ordinal);
    }

    /// <summary>The logical id of a source's event; empty for a source without one.</summary>
    private static string EventOf(string source) => source switch
    {
        "sqs" => "Taken",
        "sns" => "Topic",
        "kinesis" => "Kinesis",
        "dynamodb" => "DynamoDB",
        "logs" => "LogGroup",
        "mq" => "Broker",
        _ => "",
    };
}
