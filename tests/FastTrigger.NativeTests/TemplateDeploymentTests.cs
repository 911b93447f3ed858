using FastTrigger.Cli.Templates;
using static FastTrigger.NativeTests.TemplateTool;

namespace FastTrigger.NativeTests;

/// <summary>fasttrigger template: what a second stack, a changed parameter, another bus and a site that is down do.</summary>
public sealed class TemplateDeploymentTests : IDisposable
{
    private readonly TemplateTool _tool = new();

    public void Dispose() => _tool.Dispose();

    /// <summary>SAM names a version by the values of these references alone; what no version has must not make another name.</summary>
    [Fact]
    public async Task A_parameter_publishes_a_version_when_a_version_has_it()
    {
        var template = TemplateYaml.Read(await CreateAsync("build/demo/routes.json"))!;
        var function = template.At("Resources", "Function", "Properties");
        Assert.Equal("true", function.Text("AutoPublishAliasAllProperties"));
        var chosen = function!["Tracing"]!["Fn::Select"]!.AsArray();
        Assert.Equal("0", chosen[0]!.ToString());
        Assert.Equal("Active", chosen[1]![0]!.ToString());
        string[] expected =
        [
            "Architecture", "MemorySize", "Timeout", "LogLevel", "KmsKeyArn", "VpcId", "SubnetIds", "Metrics", "DebugSample",
            "EnvEXPECTED", "EnvSITE",
        ];
        Assert.Equal(expected, chosen[1]!.AsArray().Skip(1).Select(one => one.Text("Ref")));
        // SAM puts a list in the place of a reference to one, which Fn::Select does not take.
        Assert.All(expected, name => Assert.NotEqual("CommaDelimitedList", template.Text("Parameters", name, "Type")));
    }

    [Fact]
    public async Task Two_stacks_share_no_name()
    {
        var template = TemplateYaml.Read(await CreateAsync("build/demo/actions/routes.json"))!;
        foreach (var (id, resource) in template["Resources"]!.AsObject())
        {
            foreach (var (name, value) in resource!["Properties"]?.AsObject() ?? [])
            {
                // What is no name of the resource itself.
                string[] others = ["MetricName", "ServiceName", "FunctionName", "S3BucketName"];
                if (name.EndsWith("Name", StringComparison.Ordinal) && !others.Contains(name))
                {
                    Assert.True(value!.ToJsonString().Contains("AWS::StackName", StringComparison.Ordinal), $"{id}.{name}: {value}");
                }
            }
        }

        Assert.Equal("AWS::StackName", template.Text("Resources", "Function", "Properties", "FunctionName", "Ref"));
        var schedules = template.At("Resources", "Function", "Properties", "Events")!.AsObject()
            .Where(source => source.Value.Text("Type") == "ScheduleV2")
            .ToList();
        Assert.NotEmpty(schedules);
        Assert.All(schedules, schedule => Assert.Equal("true", schedule.Value.Text("Properties", "OmitName")));
    }

    [Fact]
    public async Task The_role_names_the_queues_by_reference()
    {
        var template = TemplateYaml.Read(await CreateAsync("build/demo/routes.json"))!;
        var platform = template.At("Resources", "FunctionRole", "Properties", "Policies", 1, "PolicyDocument", "Statement")!.AsArray()
            .ToDictionary(statement => statement.Text("Sid"), statement => statement!["Resource"]!.AsArray());
        Assert.Equal(["${DeadLetters.Arn}"], platform["DeadLetters"].Select(arn => arn.Text("Fn::Sub")));
        Assert.Equal(["${DeadLetters.Arn}", "${StartPumpControllerQueue.Arn}"], platform["Queues"].Select(arn => arn.Text("Fn::Sub")));
    }

    [Fact]
    public async Task A_site_that_is_down_rolls_nothing_back_and_one_failed_check_calls_nobody()
    {
        var template = TemplateYaml.Read(await CreateAsync("build/demo/routes.json"))!;
        var resources = template["Resources"]!;
        var alarm = resources.At("SiteUpWebsiteAlarm", "Properties");
        Assert.Equal(("2", "3", "300"), (alarm.Text("DatapointsToAlarm"), alarm.Text("EvaluationPeriods"), alarm.Text("Period")));
        Assert.Equal("site-up", alarm.Text("Dimensions", 1, "Value"));
        var function = resources.At("Function", "Properties");
        Assert.Equal("metric", function.Text("Environment", "Variables", "FASTTRIGGER_FAILED_CHECKS"));
        var rollback = function.At("DeploymentPreference", "Alarms")!.AsArray().Select(one => one.Text("Ref"));
        Assert.Equal(["ErrorsAlarm", "DurationAlarm"], rollback);
        Assert.Equal("duration / (${Timeout} * 10)", resources.Text("DurationAlarm", "Properties", "Metrics", 0, "Expression", "Fn::Sub"));
    }

    [Theory]
    [InlineData("rate(1 minute)", "60", "3", "2")]
    [InlineData("rate(1 hour)", "3600", "3", "2")]
    [InlineData("rate(700 minutes)", "42000", "3", "2")]
    [InlineData("cron(0/5 * * * ? *)", "300", "3", "2")]
    [InlineData("cron(0 6 * * ? *)", "300", "1", "1")]
    [InlineData("rate(3 days)", "300", "1", "1")]
    public async Task An_alarm_asks_as_often_as_the_site_is_checked(string schedule, string period, string periods, string failed)
    {
        var routes = await WriteAsync($$"""{"routes":[{"name":"site","schedule":"{{schedule}}","do":[{{Check}}] }]}""");
        var alarm = TemplateYaml.Read(await CreateAsync(routes)).At("Resources", "SiteWebsiteAlarm", "Properties");
        Assert.Equal(
            (period, periods, failed),
            (alarm.Text("Period"), alarm.Text("EvaluationPeriods"), alarm.Text("DatapointsToAlarm")));
    }

    [Fact]
    public async Task A_route_of_another_bus_has_its_rule_and_permissions_there()
    {
        var routes = await WriteAsync($$"""
            {"routes":[
              {"name":"a","bus":"plant","when":{"source":["x"]},"do":[{{Check}}] },
              {"name":"b","bus":"plant","retryFor":"60m","when":{"source":["y"]},"do":[{{Check}}] },
              {"name":"c","bus":"default","when":{"source":["z"]},"do":[{{Check}}] }]}
            """);
        var text = await CreateAsync(routes);
        var (exitCode, _, error) = await _tool.IncludeAsync(text);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var resources = TemplateYaml.Read(text)!["Resources"]!;
        Assert.Equal("plant", resources.Text("ARule", "Properties", "EventBusName"));
        Assert.Equal("plant", resources.Text("BRule", "Properties", "EventBusName"));
        Assert.Null(resources.At("CRule", "Properties")!["EventBusName"]);
        const string Rules = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/";
        Assert.Equal(Rules + "${AWS::StackName}-*", resources.Text("RulesPermission", "Properties", "SourceArn", "Fn::Sub"));
        Assert.Equal(Rules + "plant/${AWS::StackName}-*", resources.Text("RulesPermissionOfBus1", "Properties", "SourceArn", "Fn::Sub"));
        var sent = resources.At("QueuePolicy", "Properties", "PolicyDocument", "Statement", 0, "Condition", "ArnLike", "aws:SourceArn");
        Assert.Equal(
            [Rules + "${AWS::StackName}-*", Rules + "plant/${AWS::StackName}-*"],
            sent!.AsArray().Select(one => one.Text("Fn::Sub")));
    }

    [Fact]
    public async Task Mappings_of_queues_and_of_Kafka_have_the_provisioned_mode_where_it_is_asked_for()
    {
        var routes = await WriteAsync($$"""
            {"routes":[
              {"name":"a","from":["sqs"],"when":{"x":["y"]},"do":[{{Check}}] },
              {"name":"b","from":["kafka"],"when":{"x":["y"]},"do":[{{Check}}] }]}
            """);
        var text = await CreateAsync(routes);
        var (exitCode, _, error) = await _tool.IncludeAsync(text);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var template = TemplateYaml.Read(text)!;
        var queue = template.At("Resources", "Function", "Properties", "Events", "Taken", "Properties", "ProvisionedPollerConfig");
        Assert.Equal("HasQueuePollers", queue.Text("Fn::If", 0));
        Assert.Equal("QueueMinimumPollers", queue.Text("Fn::If", 1, "MinimumPollers", "Ref"));
        Assert.Equal("0", template.Text("Parameters", "QueueMinimumPollers", "Default"));
        var kafka = template.At("Resources", "Kafka", "Properties", "ProvisionedPollerConfig");
        Assert.Equal("KafkaMaximumPollers", kafka.Text("MaximumPollers", "Ref"));
    }

    [Fact]
    public async Task A_dashboard_shows_metrics_that_the_function_writes()
    {
        var text = await CreateAsync("build/demo/routes.json", "--dashboard");
        var (exitCode, output, error) = await _tool.IncludeAsync(text);
        Assert.True(exitCode == 0 && error.Length == 0, error);
        var body = JsonNode.Parse(output)!["Resources"].Text("Dashboard", "Properties", "DashboardBody", "Fn::Sub");
        var page = await File.ReadAllTextAsync(Path.Combine(Artifacts.Root, "docs", "operate.md"), Artifacts.Token);
        var places = new HashSet<(int X, int Y)>();
        foreach (var widget in JsonNode.Parse(body)!["widgets"]!.AsArray())
        {
            Assert.True(places.Add((widget!["x"]!.GetValue<int>(), widget["y"]!.GetValue<int>())));
            foreach (var metric in widget["properties"]!["metrics"]?.AsArray() ?? [])
            {
                var names = metric![0] is JsonObject search
                    ? search.Text("expression").Split("MetricName=\"")[1].Split('"')[0]
                    : metric.Text(0) == "FastTrigger" ? metric.Text(1) : null;
                Assert.True(names is null || page.Contains($"`{names}`", StringComparison.Ordinal), names);
            }
        }

        Assert.Equal(12, places.Count);
        // It is recorded, so that a comparison expects it.
        var deployed = _tool.PathOf("deployed.yaml");
        await File.WriteAllTextAsync(deployed, text, Artifacts.Token);
        Assert.Equal(0, (await CompareAsync(deployed, "build/demo/routes.json")).ExitCode);
    }

    [Fact]
    public async Task Events_that_nobody_played_back_outlive_the_stack()
    {
        var resources = TemplateYaml.Read(await CreateAsync("build/demo/actions/routes.json"))!["Resources"]!;
        Assert.Equal(
            ["DeadLetters RetainExceptOnCreate", "OnceTable Retain", "ParkedLetters RetainExceptOnCreate", "TrailBucket Retain"],
            resources.AsObject()
                .Where(resource => resource.Value!["DeletionPolicy"] is not null)
                .Select(resource => $"{resource.Key} {resource.Value!["DeletionPolicy"]}")
                .Order(StringComparer.Ordinal));
    }

    private async Task<string> WriteAsync(string routes)
    {
        var file = _tool.PathOf("routes.json");
        await File.WriteAllTextAsync(file, routes, Artifacts.Token);
        return file;
    }
}
