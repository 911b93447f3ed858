using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>Whoever waits gets the truth, and nobody is called in a dry run (C3.4).</summary>
public sealed class WaitingCallerTests
{
    private const string Instance = "i-0abcd1234abcd1234";

    private const string Check = """{"check-website":{"url":"https://localhost/"}}""";

    private static readonly WorldFile s_world = new()
    {
        Sites = [new() { Path = "/up", Status = 200, Body = "good" }],
        Instances = [new() { Id = Instance, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
        Tables = ["once"],
    };

    [Theory]
    [InlineData("cloudformation")]
    [InlineData("codepipeline")]
    public async Task An_action_that_may_be_done_another_time_is_tried_again_while_there_is_time(string source)
    {
        // Systems Manager throttles longer than one call is repeated.
        var throttle = new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 5 };
        await using var fixture = await StartAsync(source, Command, throttle);
        Assert.Null(fixture.Handle(SampleEvents.Read(source), seconds: 60).Error);
        Assert.Single(fixture.Aws.World.Commands);
        Assert.Contains(fixture.Aws.World.Calls, call =>
            call.Operation is "PutJobSuccessResult"
            || (call.Service == "s3" && CallbackTests.Text(call.Parameters, "Status") == "SUCCESS"));
    }

    [Fact]
    public async Task Only_when_the_time_is_up_it_has_failed()
    {
        var throttle = new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 1000 };
        await using var fixture = await StartAsync("cloudformation", Command, throttle);
        Assert.Null(fixture.Handle(SampleEvents.Read("cloudformation"), seconds: 6).Error);
        Assert.Equal("FAILED", CloudFormationCallbackTests.Response(fixture)["Status"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_delete_of_a_resource_whose_create_failed_succeeds_whatever_its_actions_do()
    {
        await using var fixture = await StartAsync("cloudformation", """{"check-website":{"url":"${env.SITE}missing"}}""");
        Assert.Null(fixture.Handle(SampleEvents.Read("cloudformation")).Error);
        var failed = CloudFormationCallbackTests.Response(fixture);
        Assert.Equal("FAILED", failed["Status"]!.GetValue<string>());
        var delete = JsonNode.Parse(SampleEvents.Read("cloudformation-delete"))!;
        delete["PhysicalResourceId"] = failed["PhysicalResourceId"]!.GetValue<string>();
        Assert.Null(fixture.Handle(delete.ToJsonString()).Error);
        Assert.Equal("SUCCESS", CloudFormationCallbackTests.Response(fixture)["Status"]!.GetValue<string>());
        // One that was created is deleted or not.
        Assert.Null(fixture.Handle(SampleEvents.Read("cloudformation-delete")).Error);
        Assert.Equal("FAILED", CloudFormationCallbackTests.Response(fixture)["Status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("cloudformation", "\"dryRun\":true,", "false")]
    [InlineData("codepipeline", "\"dryRun\":true,", "false")]
    [InlineData("config", "\"dryRun\":true,", "false")]
    [InlineData("cloudformation", "", "true")]
    [InlineData("codepipeline", "", "true")]
    [InlineData("config", "", "true")]
    public async Task A_dry_run_calls_nobody(string source, string setting, string ofAll)
    {
        await using var fixture = await RouterFixture.StartAsync(
            Routes(source, """{"check-website":{"url":"${env.SITE}up"}}""", setting), s_world, ("FASTTRIGGER_DRY_RUN", ofAll));
        Assert.Null(fixture.Handle(SampleEvents.Read(source)).Error);
        Assert.Empty(fixture.Aws.World.Calls);
        Assert.Contains(fixture.Logs, log => log.GetRawText().Contains("dry run: would report done", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("codepipeline")]
    [InlineData("cloudformation")]
    public void RetryFor_is_a_mistake_where_nothing_is_delivered_again(string source)
    {
        Assert.Null(RoutesText.Read(Routes(source, Check, "\"retryFor\":\"15m\","), out var problems));
        Assert.Contains($"'{source}' waits for one answer", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Config_takes_no_INSUFFICIENT_DATA()
    {
        Assert.Null(RoutesText.Read(Routes("config", Check, "\"compliance\":\"INSUFFICIENT_DATA\","), out var problems));
        Assert.Contains("COMPLIANT, NON_COMPLIANT or NOT_APPLICABLE", problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_of_S3_Batch_that_no_route_takes_has_failed()
    {
        await using var fixture = await RouterFixture.StartAsync(
            RouterFixture.Route("""{"check-website":{"url":"${env.SITE}up"}}"""),
            s_world);
        var result = fixture.Handle(SampleEvents.Read("s3batch")).Answer.GetProperty("results")[0];
        Assert.Equal(
            ("PermanentFailure", "unmatched (request request-1)"),
            (result.GetProperty("resultCode").GetString(), result.GetProperty("resultString").GetString()));
    }

    [Theory]
    [InlineData("codepipeline", "codepipeline", "PutJobSuccessResult")]
    [InlineData("cloudformation", "s3", "SUCCESS")]
    [InlineData("config", "config", "COMPLIANT")]
    [InlineData("s3batch", null, "Succeeded")]
    [InlineData("sqs", null, "[]")]
    [InlineData("kinesis", null, "[]")]
    public async Task A_dry_run_beside_a_route_that_acts_decides_nothing(string source, string? service, string told)
    {
        var compliance = source == "config" ? "\"compliance\":\"NON_COMPLIANT\"," : "";
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(s_world, ("FASTTRIGGER_PARTIAL_BATCH", "on")),
            $$$$"""
            {"routes":[{"name":"d","dryRun":true,"from":["{{{{source}}}}"],{{{{compliance}}}}"when":{"none":[{"exists":false}]},
              "do":[{"tag":{"tags":{"Owner":"${event.nothing}"}}}]},
             {"name":"r","from":["{{{{source}}}}"],{{{{compliance.Replace("NON_", "", StringComparison.Ordinal)}}}}
              "when":{"none":[{"exists":false}]},"do":[{"handler":{"name":"h"}}]}]}
            """,
            ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done(""))));
        var (answer, error, _) = fixture.Handle(SampleEvents.Read(source));
        Assert.Null(error);
        Assert.Contains(fixture.Logs, log => log.GetRawText().Contains("\"route\":\"d\"", StringComparison.Ordinal));
        var heard = service is null
            ? answer.GetRawText()
            : fixture.Aws.World.Calls.Where(call => call.Service == service)
                .Select(call => call.Operation + call.Parameters.ToJsonString()).Single();
        Assert.Contains(told, heard, StringComparison.Ordinal);
        Assert.DoesNotContain("NON_COMPLIANT", heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authorizer", true)]
    [InlineData("authorizer-token", true)]
    [InlineData("authorizer-http", false)]
    [InlineData("cognito", true)]
    [InlineData("cognito-sender", false)]
    public async Task A_dry_run_lets_nobody_in(string sample, bool ofAll)
    {
        var source = sample.Split('-')[0];
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(s_world, ("FASTTRIGGER_DRY_RUN", ofAll ? "true" : null)),
            $$$"""
            {"routes":[{"name":"r",{{{(ofAll ? "" : "\"dryRun\":true,")}}}"from":["{{{source}}}"],"when":{"none":[{"exists":false}]},
             "do":[{"handler":{"name":"h"}}]}]}
            """,
            ("h", (_, _, _) => throw new InvalidOperationException("a dry run calls no handler")));
        var (answer, error, _) = fixture.Handle(SampleEvents.Read(sample));
        var text = answer.ValueKind == JsonValueKind.Undefined ? "" : answer.GetRawText();
        Assert.DoesNotContain("Allow", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"isAuthorized\":true", text, StringComparison.Ordinal);
        Assert.Equal(source == "cognito" ? "Function.Refused" : null, error?.Type);
        Assert.Contains(fixture.Logs, log =>
            log.TryGetProperty("error", out var reason) && reason.GetString() == "a dry run lets nobody in");
    }

    [Theory]
    [InlineData("cognito")]
    [InlineData("cognito-sender")]
    public async Task A_user_whom_no_route_takes_is_refused(string sample)
    {
        await using var fixture = await RouterFixture.StartAsync(
            RouterFixture.Route("""{"check-website":{"url":"${env.SITE}up"}}"""),
            s_world);
        Assert.Equal("Function.Unmatched", fixture.Handle(SampleEvents.Read(sample)).Error!.Type);
        Assert.Equal("not accepted (request request-1)", fixture.Handle(SampleEvents.Read(sample)).Error!.Message);
        await using var taken = await StartAsync("cognito", """{"check-website":{"url":"${env.SITE}up"}}""");
        var answer = taken.Handle(SampleEvents.Read(sample)).Answer.GetRawText();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(SampleEvents.Read(sample)), JsonNode.Parse(answer)));
    }

    [Theory]
    [InlineData("up", "CONTINUE", false)]
    [InlineData("missing", "ABANDON", false)]
    [InlineData("up", "CONTINUE", true)]
    public async Task A_hook_that_comes_straight_from_Auto_Scaling_is_completed(string page, string result, bool byTopic)
    {
        await using var fixture = await StartHookAsync(page, "\"trust\":[\"arn:*\"],");
        var (answer, error, _) = fixture.Handle(byTopic ? ByTopic() : SampleEvents.Read("sqs-lifecycle"));
        Assert.Null(error);
        Assert.True(byTopic || answer.GetProperty("batchItemFailures").GetArrayLength() == 0);
        var call = Assert.Single(fixture.Aws.World.Calls);
        Assert.Equal(
            ("CompleteLifecycleAction", "pumps", "drain", result),
            (call.Operation,
                CallbackTests.Text(call.Parameters, "AutoScalingGroupName"),
                CallbackTests.Text(call.Parameters, "LifecycleHookName"),
                CallbackTests.Text(call.Parameters, "LifecycleActionResult")));
    }

    [Fact]
    public async Task A_hook_that_cannot_be_completed_is_a_failure_that_says_so()
    {
        await using var untrusted = await StartHookAsync("up", "");
        var (answer, _, _) = untrusted.Handle(SampleEvents.Read("sqs-lifecycle"));
        Assert.Equal(1, answer.GetProperty("batchItemFailures").GetArrayLength());
        Assert.Empty(untrusted.Aws.World.Calls);
        Assert.Contains(untrusted.Logs, log =>
            log.GetRawText().Contains("is not in 'trust', so there is none to complete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("s3", false)]
    [InlineData("kinesis/logs", false)]
    [InlineData("sqs", true)]
    [InlineData("sqs/sns", true)]
    [InlineData("sns/eventbridge", true)]
    public void Lifecycle_stands_only_on_a_route_that_a_hook_can_reach(string from, bool isRight)
    {
        var table = RoutesText.Read(Routes(from, Check, "\"lifecycle\":{},"), out var problems);
        Assert.Equal(isRight, table is not null);
        Assert.Equal(isRight, !problems.Contains("none comes from", StringComparison.Ordinal));
    }

    private const string Command = """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"confirm":false}}""";

    private static string ByTopic()
    {
        var body = JsonNode.Parse(SampleEvents.Read("sqs-lifecycle"))!["Records"]![0]!["body"]!.GetValue<string>();
        var notification = JsonNode.Parse(SampleEvents.Read("sns"))!;
        notification["Records"]![0]!["Sns"]!["Message"] = body;
        return notification.ToJsonString();
    }

    private static Task<RouterFixture> StartHookAsync(string page, string head) => RouterFixture.StartAsync(
        "{" + head + """
        "allow":{"hosts":["localhost"]},"routes":[{"name":"drain","from":["sqs","sns"],"lifecycle":{},
          "when":{"$or":[{"body":{"LifecycleTransition":[{"exists":true}]}},{"Sns":{"Message":{"LifecycleTransition":[{"exists":true}]}}}]},
          "do":[{"check-website":{"url":"${env.SITE}PAGE"}}]}]}
        """.Replace("PAGE", page, StringComparison.Ordinal),
        s_world,
        ("FASTTRIGGER_PARTIAL_BATCH", "on"));

    private static Task<RouterFixture> StartAsync(string source, string action, Fault? fault = null) =>
        RouterFixture.StartAsync(Routes(source, action, ""), s_world with { Faults = fault is null ? [] : [fault] });

    private static string Routes(string source, string action, string setting) =>
        $$"""
        {"allow":{"hosts":["localhost"]},"routes":[{"name":"r","from":["{{source}}"],{{setting}}"when":{"zz":[{"exists":false}]},
         "do":[{{action}}]}]}
        """;
}
