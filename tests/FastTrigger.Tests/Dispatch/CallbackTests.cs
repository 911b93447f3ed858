using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>Services that wait to be called: they are, whatever became of the action (C3.4).</summary>
public sealed class CallbackTests
{
    private static readonly WorldFile s_world = new() { Sites = [new() { Path = "/up", Status = 200, Body = "good" }] };

    [Theory]
    [InlineData("up", "PutJobSuccessResult")]
    [InlineData("missing", "PutJobFailureResult")]
    public async Task A_pipelines_job_ends_as_its_routes_do(string page, string operation)
    {
        await using var fixture = await StartAsync(
            "codepipeline",
            page,
            """{"data":{"actionConfiguration":{"configuration":{"UserParameters":{"site":["north"]}}}}}""");
        var (_, error, _) = fixture.Handle(SampleEvents.Read("codepipeline"));
        Assert.Null(error);
        var call = Assert.Single(fixture.Aws.World.Calls, call => call.Service == "codepipeline");
        Assert.Equal((operation, 200), (call.Operation, call.Status));
        Assert.Equal("11111111-abcd-1111-abcd-111111abcdef", Text(call.Parameters, "jobId"));
        if (page == "missing")
        {
            Assert.StartsWith(
                "route 'r', action 'check-website'",
                Text(call.Parameters["failureDetails"], "message"),
                StringComparison.Ordinal);
            Assert.Equal("request-1", call.Parameters["failureDetails"]!["externalExecutionId"]!.GetValue<string>());
        }

        // The same job again: it has ended, and that is well.
        Assert.Null(fixture.Handle(SampleEvents.Read("codepipeline")).Error);
    }

    [Fact]
    public async Task A_job_that_no_route_takes_fails_its_stage_and_one_that_cannot_be_ended_comes_again()
    {
        await using var fixture = await StartAsync("codepipeline", "up", """{"nothing":["like this"]}""");
        Assert.Null(fixture.Handle(SampleEvents.Read("codepipeline")).Error);
        var call = Assert.Single(fixture.Aws.World.Calls);
        Assert.Equal("no route takes the job", Text(call.Parameters["failureDetails"], "message"));
        var fault = new Fault
        {
            Operation = "PutJobFailureResult",
            Kind = FaultKind.Error,
            Status = 400,
            Code = "JobNotFoundException",
            Times = 9,
        };
        await using var broken = await StartAsync("codepipeline", "up", """{"nothing":["like this"]}""", fault);
        var error = broken.Handle(SampleEvents.Read("codepipeline")).Error;
        Assert.Equal("Function.CallbackFailed", error!.Type);
        Assert.Equal(
            "codepipeline waits for an answer that could not be given. "
                + "PutJobFailureResult: JobNotFoundException: ordered by the world",
            error.Message);
    }

    [Theory]
    [InlineData("config", "AWS::EC2::Instance", "i-0abcd1234abcd1234", "NON_COMPLIANT")]
    [InlineData("config-periodic", "AWS::::Account", "123456789012", "NON_COMPLIANT")]
    public async Task A_rule_of_Config_says_what_its_routes_pattern_found(string sample, string type, string id, string compliance)
    {
        await using var fixture = await StartAsync("config", "up", """
            {"ruleParameters":{"tagKey":["Owner"]},
             "invokingEvent":{"messageType":["ConfigurationItemChangeNotification","ScheduledNotification"]}}
            """);
        Assert.Null(fixture.Handle(SampleEvents.Read(sample)).Error);
        var call = Assert.Single(fixture.Aws.World.Calls, call => call.Service == "config");
        var evaluation = call.Parameters["Evaluations"]![0]!;
        Assert.Equal((200, "myResultToken"), (call.Status, call.Parameters["ResultToken"]!.GetValue<string>()));
        Assert.Equal(
            (type, id, compliance),
            (Text(evaluation, "ComplianceResourceType"), Text(evaluation, "ComplianceResourceId"), Text(evaluation, "ComplianceType")));
        Assert.Equal(sample == "config" ? 1795185121m : 1795185122m, evaluation["OrderingTimestamp"]!.GetValue<decimal>());
        Assert.Null(evaluation["Annotation"]);
    }

    [Fact]
    public async Task What_no_route_takes_is_compliant_what_is_gone_not_applicable_and_a_route_may_say_otherwise()
    {
        await using var fixture = await StartAsync(
            "config",
            "missing",
            """{"invokingEvent":{"configurationItem":{"configuration":{"state":{"name":["running"]}}}}}""",
            settings: "\"compliance\":\"NOT_APPLICABLE\",");
        var sample = SampleEvents.Read("config");
        foreach (var (text, compliance) in ((string, string)[])[
            (sample, "NOT_APPLICABLE"),
            (sample.Replace("running", "stopped", StringComparison.Ordinal), "COMPLIANT"),
            (sample.Replace("\"eventLeftScope\": false", "\"eventLeftScope\": true", StringComparison.Ordinal), "NOT_APPLICABLE"),
            (sample.Replace("\\\"OK\\\"", "\\\"ResourceDeleted\\\"", StringComparison.Ordinal), "NOT_APPLICABLE")])
        {
            fixture.Aws.World.ForgetCalls();
            Assert.Null(fixture.Handle(text).Error);
            var evaluation = fixture.Aws.World.Calls.Single().Parameters["Evaluations"]![0]!;
            Assert.Equal(compliance, evaluation["ComplianceType"]!.GetValue<string>());
            // What went wrong with the action is said beside it, as far as it fits.
            Assert.Equal(
                compliance != "COMPLIANT",
                evaluation["Annotation"]?.GetValue<string>().StartsWith("route 'r'", StringComparison.Ordinal) ?? false);
        }
    }

    [Theory]
    [InlineData("up", "{}", "CONTINUE")]
    [InlineData("missing", "{}", "ABANDON")]
    [InlineData("up", """{"done":"ABANDON"}""", "ABANDON")]
    [InlineData("missing", """{"failed":"CONTINUE"}""", "CONTINUE")]
    public async Task A_lifecycle_hook_is_told_how_the_route_ended(string page, string lifecycle, string result)
    {
        await using var fixture = await StartAsync(
            "eventbridge",
            page,
            """{"source":["aws.autoscaling"]}""",
            settings: $"\"lifecycle\":{lifecycle},");
        Assert.Null(fixture.Handle(SampleEvents.Read("eventbridge-lifecycle")).Error);
        var call = Assert.Single(fixture.Aws.World.Calls);
        Assert.Equal(("CompleteLifecycleAction", 200), (call.Operation, call.Status));
        Assert.Equal(
            ("pumps", "provision", result),
            (Text(call.Parameters, "AutoScalingGroupName"),
                Text(call.Parameters, "LifecycleHookName"),
                Text(call.Parameters, "LifecycleActionResult")));
        // Once more: it waits no longer, and that is no failure.
        var (_, error, _) = fixture.Handle(SampleEvents.Read("eventbridge-lifecycle"));
        Assert.Null(error);
        var last = fixture.Logs.Last(log => log.GetProperty("message").GetString() == "action");
        Assert.Equal(
            ("lifecycle", "skipped", "the hook waits no longer"),
            (last.GetProperty("action").GetString(), last.GetProperty("outcome").GetString(), last.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("ValidationError")]
    [InlineData("AccessDenied")]
    public async Task A_hook_that_cannot_be_completed_is_a_failure(string code)
    {
        var fault = new Fault
        {
            Operation = "CompleteLifecycleAction",
            Kind = FaultKind.Error,
            Status = 400,
            Code = code,
            Times = 9,
        };
        await using var fixture = await StartAsync(
            "eventbridge",
            "up",
            """{"source":["aws.autoscaling"]}""",
            fault,
            "\"lifecycle\":{},");
        var error = fixture.Handle(SampleEvents.Read("eventbridge-lifecycle")).Error!;
        Assert.Equal(
            ("Function.ActionFailed", $"route 'r', action 'lifecycle': CompleteLifecycleAction: {code}: ordered by the world"),
            (error.Type, error.Message));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_went_wrong_is_cut_to_what_AWS_Config_takes_and_no_character_in_two(int shift)
    {
        var reason = new string('x', shift) + string.Concat(Enumerable.Repeat("🚰", 200));
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(),
            """{"routes":[{"name":"r","from":["config"],"when":{"accountId":["123456789012"]},"do":[{"handler":{"name":"h"}}]}]}""",
            ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Failed(reason))));
        Assert.Null(fixture.Handle(SampleEvents.Read("config")).Error);
        var evaluation = fixture.Aws.World.Calls.Single().Parameters["Evaluations"]![0]!;
        var whole = "route 'r', action 'handler': " + reason;
        Assert.Equal(whole[..(char.IsHighSurrogate(whole[255]) ? 255 : 256)], Text(evaluation, "Annotation"));
        Assert.DoesNotContain('\ufffd', Text(evaluation, "Annotation"));
    }

    [Fact]
    public async Task A_large_resource_comes_as_a_summary_and_an_evaluation_that_is_refused_comes_again()
    {
        const string Routes = """
            {"routes":[{"name":"r","from":["config"],"when":{"accountId":["123456789012"]},"do":[{"handler":{"name":"h"}}]}]}
            """;
        var sample = SampleEvents.Read("config");
        var large = sample.Replace("\\\"configurationItem\\\"", "\\\"configurationItemSummary\\\"", StringComparison.Ordinal);
        Assert.NotEqual(sample, large);
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(),
            Routes,
            ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done(""))));
        foreach (var (text, compliance) in ((string, string)[])[
            (large, "NON_COMPLIANT"),
            (sample.Replace("\\\"OK\\\"", "\\\"ResourceDeletedNotRecorded\\\"", StringComparison.Ordinal), "NOT_APPLICABLE")])
        {
            fixture.Aws.World.ForgetCalls();
            Assert.Null(fixture.Handle(text).Error);
            var evaluation = fixture.Aws.World.Calls.Single().Parameters["Evaluations"]![0]!;
            Assert.Equal(
                ("AWS::EC2::Instance", compliance),
                (Text(evaluation, "ComplianceResourceType"), Text(evaluation, "ComplianceType")));
        }

        fixture.Aws.World.Add(new Fault
        {
            Operation = "PutEvaluations",
            Kind = FaultKind.Error,
            Status = 400,
            Code = "InvalidResultTokenException",
            Times = 9,
        });
        var error = fixture.Handle(sample).Error!;
        Assert.Equal("Function.CallbackFailed", error.Type);
        Assert.EndsWith("PutEvaluations: InvalidResultTokenException: ordered by the world", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_an_action_is_to_be_tried_again_its_hook_waits_until_retryFor_is_over()
    {
        const string Routes = """
            {"routes":[{"name":"r","lifecycle":{},"retryFor":"15m","when":{"source":["aws.autoscaling"]},
             "do":[{"run-command":{"targets":{"instanceIds":["${event.detail.EC2InstanceId}"]},"commands":["true"]}}]}]}
            """;
        var offline = new WorldInstance { Id = "i-0abcd1234abcd1234", Agent = "offline" };
        await using var fixture = await RouterFixture.StartAsync(Routes, offline);
        var now = Lifecycle(DateTime.UtcNow);
        Assert.Equal("Function.ActionRetry", fixture.Handle(now).Error?.Type);
        Assert.DoesNotContain(fixture.Aws.World.Calls, call => call.Service == "autoscaling");
        var old = Lifecycle(DateTime.UtcNow.AddMinutes(-16));
        Assert.Null(fixture.Handle(old).Error);
        var call = Assert.Single(fixture.Aws.World.Calls, call => call.Service == "autoscaling");
        Assert.Equal("ABANDON", Text(call.Parameters, "LifecycleActionResult"));
    }

    [Fact]
    public async Task A_hook_is_told_nothing_by_a_route_without_it_by_a_dry_run_or_by_a_message_that_nobody_trusts_C2_2()
    {
        await using var without = await StartAsync("eventbridge", "up", """{"source":["aws.autoscaling"]}""");
        _ = without.Handle(SampleEvents.Read("eventbridge-lifecycle"));
        Assert.Empty(without.Aws.World.Calls);
        await using var dry = await StartAsync(
            "eventbridge",
            "up",
            """{"source":["aws.autoscaling"]}""",
            settings: "\"lifecycle\":{},\"dryRun\":true,");
        _ = dry.Handle(SampleEvents.Read("eventbridge-lifecycle"));
        Assert.Empty(dry.Aws.World.Calls);
        await using var queue = await RouterFixture.StartAsync("""
            {"routes":[{"name":"r","lifecycle":{},
             "when":{"$or":[{"source":["aws.autoscaling"]},{"body":{"source":["aws.autoscaling"]}}]},
             "do":[{"tag":{"tags":{"a":"b"}}}]}]}
            """);
        _ = queue.Handle(Events.SqsSourceTests.Batch(SampleEvents.Read("eventbridge-lifecycle")));
        Assert.Empty(queue.Aws.World.Calls);
    }

    [Theory]
    [InlineData("codepipeline")]
    [InlineData("config")]
    [InlineData("cloudformation")]
    public async Task The_contracts_hold_at_top_level_only_C2_2(string sample)
    {
        await using var fixture = await RouterFixture.StartAsync(
            """{"trust":["arn:*"],"routes":[{"name":"r","when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""");
        _ = fixture.Handle(Events.SqsSourceTests.Batch(SampleEvents.Read(sample)));
        var record = $$"""
            {"version":"1.0","requestContext":{"requestId":"r","condition":"RetriesExhausted"},
             "requestPayload":{{SampleEvents.Read(sample)}} }
            """;
        _ = fixture.Handle(record);
        _ = fixture.Handle($"[{SampleEvents.Read(sample)}]");
        Assert.Empty(fixture.Aws.World.Calls);
    }

    internal static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();

    private static string Lifecycle(DateTime time) => SampleEvents.Read("eventbridge-lifecycle")
        .Replace("2026-11-20T14:32:01Z", $"{time:yyyy-MM-dd'T'HH:mm:ss'Z'}", StringComparison.Ordinal);

    /// <summary>A route that checks a website, for one source.</summary>
    internal static Task<RouterFixture> StartAsync(
        string source,
        string page,
        string when,
        Fault? fault = null,
        string settings = "") => RouterFixture.StartAsync(
        $$$"""
        {"allow":{"hosts":["localhost"]},"routes":[{"name":"r","from":["{{{source}}}"],{{{settings}}}"when":{{{when}}},
         "do":[{"check-website":{"url":"${env.SITE}{{{page}}}","timeout":"30s"} }]}]}
        """,
        s_world with { Faults = fault is null ? [] : [fault] });
}
