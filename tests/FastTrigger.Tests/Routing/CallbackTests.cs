using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Routing.Callbacks;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Routing;

/// <summary>Services that wait to be called: they are, whatever became of the action (C3.4).</summary>
public sealed class CallbackTests
{
    private static readonly WorldFile s_world = new() { Sites = [new() { Path = "/up", Status = 200, Body = "good" }] };

    [Theory]
    [InlineData("up", "PutJobSuccessResult")]
    [InlineData("missing", "PutJobFailureResult")]
    public async Task A_pipelines_job_ends_as_its_routes_do(string page, string operation)
    {
        await using var fixture = await StartAsync("codepipeline", page, """{"data":{"actionConfiguration":{"configuration":{"UserParameters":{"site":["north"]}}}}}""");
        var (_, error, _) = fixture.Handle(SampleEvents.Read("codepipeline"));
        Assert.Null(error);
        var call = Assert.Single(fixture.Aws.World.Calls, call => call.Service == "codepipeline");
        Assert.Equal((operation, 200, "11111111-abcd-1111-abcd-111111abcdef"), (call.Operation, call.Status, call.Parameters["jobId"]!.GetValue<string>()));
        if (page == "missing")
        {
            Assert.StartsWith("route 'r', action 'check-website'", call.Parameters["failureDetails"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
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
        Assert.Equal("no route takes the job", Assert.Single(fixture.Aws.World.Calls).Parameters["failureDetails"]!["message"]!.GetValue<string>());
        await using var broken = await StartAsync("codepipeline", "up", """{"nothing":["like this"]}""", new Fault { Operation = "PutJobFailureResult", Kind = FaultKind.Error, Status = 400, Code = "JobNotFoundException", Times = 9 });
        var error = broken.Handle(SampleEvents.Read("codepipeline")).Error;
        Assert.Equal(("Function.CallbackFailed", "codepipeline waits for an answer that could not be given. PutJobFailureResult: JobNotFoundException: ordered by the world"), (error!.Type, error.Message));
    }

    [Theory]
    [InlineData("config", "AWS::EC2::Instance", "i-0abcd1234abcd1234", "NON_COMPLIANT")]
    [InlineData("config-periodic", "AWS::::Account", "123456789012", "NON_COMPLIANT")]
    public async Task A_rule_of_Config_says_what_its_routes_pattern_found(string sample, string type, string id, string compliance)
    {
        await using var fixture = await StartAsync("config", "up", """{"ruleParameters":{"tagKey":["Owner"]},"invokingEvent":{"messageType":["ConfigurationItemChangeNotification","ScheduledNotification"]}}""");
        Assert.Null(fixture.Handle(SampleEvents.Read(sample)).Error);
        var call = Assert.Single(fixture.Aws.World.Calls, call => call.Service == "config");
        var evaluation = call.Parameters["Evaluations"]![0]!;
        Assert.Equal((200, "myResultToken"), (call.Status, call.Parameters["ResultToken"]!.GetValue<string>()));
        Assert.Equal((type, id, compliance), (evaluation["ComplianceResourceType"]!.GetValue<string>(), evaluation["ComplianceResourceId"]!.GetValue<string>(), evaluation["ComplianceType"]!.GetValue<string>()));
        Assert.Equal(sample == "config" ? 1795185121m : 1795185122m, evaluation["OrderingTimestamp"]!.GetValue<decimal>());
        Assert.Null(evaluation["Annotation"]);
    }

    [Fact]
    public async Task What_no_route_takes_is_compliant_what_is_gone_not_applicable_and_a_route_may_say_otherwise()
    {
        await using var fixture = await StartAsync("config", "missing", """{"invokingEvent":{"configurationItem":{"configuration":{"state":{"name":["running"]}}}}}""", settings: "\"compliance\":\"INSUFFICIENT_DATA\",");
        var sample = SampleEvents.Read("config");
        foreach (var (text, compliance) in ((string, string)[])[
            (sample, "INSUFFICIENT_DATA"),
            (sample.Replace("running", "stopped", StringComparison.Ordinal), "COMPLIANT"),
            (sample.Replace("\"eventLeftScope\": false", "\"eventLeftScope\": true", StringComparison.Ordinal), "NOT_APPLICABLE"),
            (sample.Replace("\\\"OK\\\"", "\\\"ResourceDeleted\\\"", StringComparison.Ordinal), "NOT_APPLICABLE")])
        {
            fixture.Aws.World.ForgetCalls();
            Assert.Null(fixture.Handle(text).Error);
            var evaluation = fixture.Aws.World.Calls.Single().Parameters["Evaluations"]![0]!;
            Assert.Equal(compliance, evaluation["ComplianceType"]!.GetValue<string>());
            // What went wrong with the action is said beside it, as far as it fits.
            Assert.Equal(compliance != "COMPLIANT", evaluation["Annotation"]?.GetValue<string>().StartsWith("route 'r'", StringComparison.Ordinal) ?? false);
        }
    }

    [Theory]
    [InlineData("cloudformation", "up", "SUCCESS")]
    [InlineData("cloudformation", "missing", "FAILED")]
    [InlineData("cloudformation-delete", "up", "SUCCESS")]
    [InlineData("cloudformation-delete", "missing", "FAILED")]
    public async Task A_custom_resource_is_answered_at_its_URL(string sample, string page, string status)
    {
        await using var fixture = await StartAsync("cloudformation", page, """{"ResourceType":["Custom::Valve"]}""");
        Assert.Null(fixture.Handle(SampleEvents.Read(sample)).Error);
        var response = Response(fixture);
        Assert.Equal(status, response["Status"]!.GetValue<string>());
        Assert.Equal(status == "FAILED", response["Reason"] is not null);
        Assert.Equal("Valve-5478fd2e-0c4f-4b5b-9d6c-6a4b6e6d0a11", response["PhysicalResourceId"]!.GetValue<string>());
        Assert.Equal(sample == "cloudformation" ? "5478fd2e-0c4f-4b5b-9d6c-6a4b6e6d0a11" : "6589fe3f-1d50-4c6c-8e7d-7b5c7f7e1b22", response["RequestId"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("cloudformation", "FAILED")]
    [InlineData("cloudformation-delete", "SUCCESS")]
    public async Task Without_a_route_a_resource_can_be_deleted_and_not_created(string sample, string status)
    {
        await using var fixture = await StartAsync("cloudformation", "up", """{"nothing":["like this"]}""");
        Assert.Null(fixture.Handle(SampleEvents.Read(sample)).Error);
        Assert.Equal(status, Response(fixture)["Status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("cloudformation")]
    [InlineData("cloudformation-delete")]
    public async Task A_stack_does_not_hang_on_an_action_that_does_not_end(string sample)
    {
        await using var fixture = await StartAsync("cloudformation", "up", """{"ResourceType":["Custom::Valve"]}""", new Fault { Operation = "site", Kind = FaultKind.Slow, Milliseconds = 60_000, Times = 9 });
        Assert.Null(fixture.Handle(SampleEvents.Read(sample), seconds: 12).Error);
        Assert.Equal("FAILED", Response(fixture)["Status"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_that_S3_does_not_take_at_once_is_sent_again_and_one_it_refuses_is_an_error()
    {
        await using var slow = await StartAsync("cloudformation", "up", """{"ResourceType":["Custom::Valve"]}""", new Fault { Operation = "PutObject", Kind = FaultKind.ServerError, Times = 2 });
        Assert.Null(slow.Handle(SampleEvents.Read("cloudformation")).Error);
        Assert.Equal([503, 503, 200], slow.Aws.World.Calls.Select(call => call.Status));
        await using var refused = await StartAsync("cloudformation", "up", """{"ResourceType":["Custom::Valve"]}""", new Fault { Operation = "PutObject", Kind = FaultKind.Error, Status = 403, Times = 9 });
        Assert.Equal("Function.CallbackFailed", refused.Handle(SampleEvents.Read("cloudformation")).Error?.Type);
        Assert.Single(refused.Aws.World.Calls);
    }

    [Fact]
    public async Task What_a_handler_answers_is_the_resources_data_unless_it_is_too_long()
    {
        foreach (var (length, status) in ((int, string)[])[(10, "SUCCESS"), (5_000, "FAILED")])
        {
            var aws = await AwsFixture.StartAsync(s_world);
            await using var fixture = RouterFixture.Over(
                aws,
                """{"routes":[{"name":"r","when":{"ResourceType":["Custom::Valve"]},"do":[{"handler":{"name":"h"}}]}]}""",
                ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done("") with { Answer = $$"""{"Id":"{{new string('x', length)}}"}""" })));
            Assert.Null(fixture.Handle(SampleEvents.Read("cloudformation")).Error);
            Assert.Equal(status, Response(fixture)["Status"]!.GetValue<string>());
            Assert.Equal(status == "SUCCESS" ? new string('x', 10) : null, Response(fixture)["Data"]?["Id"]?.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x?y=z", true)]
    [InlineData("https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/x", true)]
    [InlineData("https://b.s3-eu-west-1.amazonaws.com/x", true)]
    [InlineData("https://s3.dualstack.us-west-2.amazonaws.com/b/x", true)]
    [InlineData("https://b.s3.cn-north-1.amazonaws.com.cn/x", true)]
    [InlineData("http://b.s3.amazonaws.com/x", false)]
    [InlineData("https://b.s3.amazonaws.com:8443/x", false)]
    [InlineData("https://b.s3.amazonaws.com.evil.example/x", false)]
    [InlineData("https://s3.amazonaws.com@evil.example/x", false)]
    [InlineData("https://evil.example/#.s3.amazonaws.com/x", false)]
    [InlineData("https://evils3.amazonaws.com/x", false)]
    [InlineData("https://ec2.us-east-1.amazonaws.com/x", false)]
    [InlineData("https://s3.evil.amazonaws.com/x", false)]
    [InlineData("https://x.execute-api.us-east-1.amazonaws.com/x", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("https://amazonaws.com/x", false)]
    [InlineData("ftp://b.s3.amazonaws.com/x", false)]
    [InlineData("https://b.s3.amazonaws.com/x\r\nHost: evil", false)]
    public void Only_S3_in_AWSs_partitions_is_answered(string url, bool good) => Assert.Equal(good, CloudFormationCallback.TryReadUrl(url, out _, out _));

    [Theory]
    [InlineData("up", "{}", "CONTINUE")]
    [InlineData("missing", "{}", "ABANDON")]
    [InlineData("up", """{"done":"ABANDON"}""", "ABANDON")]
    [InlineData("missing", """{"failed":"CONTINUE"}""", "CONTINUE")]
    public async Task A_lifecycle_hook_is_told_how_the_route_ended(string page, string lifecycle, string result)
    {
        await using var fixture = await StartAsync("eventbridge", page, """{"source":["aws.autoscaling"]}""", settings: $"\"lifecycle\":{lifecycle},");
        Assert.Null(fixture.Handle(SampleEvents.Read("eventbridge-lifecycle")).Error);
        var call = Assert.Single(fixture.Aws.World.Calls);
        Assert.Equal(("CompleteLifecycleAction", 200, "pumps", "provision", result), (call.Operation, call.Status, call.Parameters["AutoScalingGroupName"]!.GetValue<string>(), call.Parameters["LifecycleHookName"]!.GetValue<string>(), call.Parameters["LifecycleActionResult"]!.GetValue<string>()));
        // Once more: it waits no longer, and that is no failure.
        Assert.Null(fixture.Handle(SampleEvents.Read("eventbridge-lifecycle")).Error);
    }

    [Fact]
    public async Task While_an_action_is_to_be_tried_again_its_hook_waits_until_retryFor_is_over()
    {
        const string Routes = """{"routes":[{"name":"r","lifecycle":{},"retryFor":"15m","when":{"source":["aws.autoscaling"]},"do":[{"run-command":{"targets":{"instanceIds":["${event.detail.EC2InstanceId}"]},"commands":["true"]}}]}]}""";
        await using var fixture = await RouterFixture.StartAsync(Routes, new WorldInstance { Id = "i-0abcd1234abcd1234", Agent = "offline" });
        var now = SampleEvents.Read("eventbridge-lifecycle").Replace("2026-11-20T14:32:01Z", $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}", StringComparison.Ordinal);
        Assert.Equal("Function.ActionRetry", fixture.Handle(now).Error?.Type);
        Assert.DoesNotContain(fixture.Aws.World.Calls, call => call.Service == "autoscaling");
        var old = SampleEvents.Read("eventbridge-lifecycle").Replace("2026-11-20T14:32:01Z", $"{DateTime.UtcNow.AddMinutes(-16):yyyy-MM-dd'T'HH:mm:ss'Z'}", StringComparison.Ordinal);
        Assert.Null(fixture.Handle(old).Error);
        Assert.Equal("ABANDON", Assert.Single(fixture.Aws.World.Calls, call => call.Service == "autoscaling").Parameters["LifecycleActionResult"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_hook_is_told_nothing_by_a_route_without_it_by_a_dry_run_or_by_a_message_that_nobody_trusts_C2_2()
    {
        await using var without = await StartAsync("eventbridge", "up", """{"source":["aws.autoscaling"]}""");
        _ = without.Handle(SampleEvents.Read("eventbridge-lifecycle"));
        Assert.Empty(without.Aws.World.Calls);
        await using var dry = await StartAsync("eventbridge", "up", """{"source":["aws.autoscaling"]}""", settings: "\"lifecycle\":{},\"dryRun\":true,");
        _ = dry.Handle(SampleEvents.Read("eventbridge-lifecycle"));
        Assert.Empty(dry.Aws.World.Calls);
        await using var queue = await RouterFixture.StartAsync("""{"routes":[{"name":"r","lifecycle":{},"when":{"$or":[{"source":["aws.autoscaling"]},{"body":{"source":["aws.autoscaling"]}}]},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""");
        _ = queue.Handle(Events.SqsSourceTests.Batch(SampleEvents.Read("eventbridge-lifecycle")));
        Assert.Empty(queue.Aws.World.Calls);
    }

    [Theory]
    [InlineData("codepipeline")]
    [InlineData("config")]
    [InlineData("cloudformation")]
    public async Task The_contracts_hold_at_top_level_only_C2_2(string sample)
    {
        await using var fixture = await RouterFixture.StartAsync("""{"trust":["arn:*"],"routes":[{"name":"r","when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""");
        _ = fixture.Handle(Events.SqsSourceTests.Batch(SampleEvents.Read(sample)));
        var record = $$"""{"version":"1.0","requestContext":{"requestId":"r","condition":"RetriesExhausted"},"requestPayload":{{SampleEvents.Read(sample)}} }""";
        _ = fixture.Handle(record);
        _ = fixture.Handle($"[{SampleEvents.Read(sample)}]");
        Assert.Empty(fixture.Aws.World.Calls);
    }

    private static JsonNode Response(RouterFixture fixture)
    {
        var call = fixture.Aws.World.Calls.Last(call => call.Service == "s3");
        Assert.Equal(200, call.Status);
        return call.Parameters;
    }

    private static Task<RouterFixture> StartAsync(string source, string page, string when, Fault? fault = null, string settings = "") => RouterFixture.StartAsync(
        $$$"""{"allow":{"hosts":["localhost"]},"routes":[{"name":"r","from":["{{{source}}}"],{{{settings}}}"when":{{{when}}},"do":[{"check-website":{"url":"${env.SITE}{{{page}}}","timeout":"30s"} }]}]}""",
        s_world with { Faults = fault is null ? [] : [fault] });
}
