using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Dispatch.Callbacks;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>Custom resources of CloudFormation: each request gets one response at its URL (C3.4).</summary>
public sealed class CloudFormationCallbackTests
{
    private const string Valve = """{"ResourceType":["Custom::Valve"]}""";

    [Theory]
    [InlineData("cloudformation", "up", "SUCCESS")]
    [InlineData("cloudformation", "missing", "FAILED")]
    [InlineData("cloudformation-delete", "up", "SUCCESS")]
    [InlineData("cloudformation-delete", "missing", "FAILED")]
    public async Task A_custom_resource_is_answered_at_its_URL(string sample, string page, string status)
    {
        await using var fixture = await StartAsync(page, Valve);
        Assert.Null(fixture.Handle(SampleEvents.Read(sample)).Error);
        var response = Response(fixture);
        Assert.Equal(status, response["Status"]!.GetValue<string>());
        Assert.Equal(status == "FAILED", response["Reason"] is not null);
        var created = sample == "cloudformation" && status == "FAILED" ? "FastTrigger::CREATE_FAILED::" : "";
        Assert.Equal(created + "Valve-5478fd2e-0c4f-4b5b-9d6c-6a4b6e6d0a11", response["PhysicalResourceId"]!.GetValue<string>());
        Assert.Equal(
            sample == "cloudformation" ? "5478fd2e-0c4f-4b5b-9d6c-6a4b6e6d0a11" : "6589fe3f-1d50-4c6c-8e7d-7b5c7f7e1b22",
            CallbackTests.Text(response, "RequestId"));
    }

    [Theory]
    [InlineData("cloudformation", "FAILED")]
    [InlineData("cloudformation-delete", "SUCCESS")]
    public async Task Without_a_route_a_resource_can_be_deleted_and_not_created(string sample, string status)
    {
        await using var fixture = await StartAsync("up", """{"nothing":["like this"]}""");
        Assert.Null(fixture.Handle(SampleEvents.Read(sample)).Error);
        Assert.Equal(status, Response(fixture)["Status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("cloudformation")]
    [InlineData("cloudformation-delete")]
    public async Task A_stack_does_not_hang_on_an_action_that_does_not_end(string sample)
    {
        var fault = new Fault { Operation = "site", Kind = FaultKind.Slow, Milliseconds = 60_000, Times = 9 };
        await using var fixture = await StartAsync("up", Valve, fault);
        Assert.Null(fixture.Handle(SampleEvents.Read(sample), seconds: 12).Error);
        Assert.Equal("FAILED", Response(fixture)["Status"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_that_S3_does_not_take_at_once_is_sent_again_and_one_it_refuses_is_an_error()
    {
        var twice = new Fault { Operation = "PutObject", Kind = FaultKind.ServerError, Times = 2 };
        await using var slow = await StartAsync("up", Valve, twice);
        Assert.Null(slow.Handle(SampleEvents.Read("cloudformation")).Error);
        Assert.Equal([503, 503, 200], slow.Aws.World.Calls.Select(call => call.Status));
        var forbidden = new Fault { Operation = "PutObject", Kind = FaultKind.Error, Status = 403, Times = 9 };
        await using var refused = await StartAsync("up", Valve, forbidden);
        Assert.Equal("Function.CallbackFailed", refused.Handle(SampleEvents.Read("cloudformation")).Error?.Type);
        Assert.Single(refused.Aws.World.Calls);
    }

    /// <summary>S3 takes the same object again without harm, so an answer is sent until one is taken.</summary>
    [Fact]
    public async Task An_answer_is_sent_again_whole_after_a_reset_and_a_500()
    {
        var requests = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var s3 = new SocketServer(async (number, stream, token) =>
        {
            requests.Enqueue((await SocketServer.ReadRequestAsync(stream, token))!);
            if (number == 0)
            {
                stream.Socket.LingerState = new(true, 0);
                return;
            }

            var status = number == 1 ? "500 Internal Server Error" : "200 OK";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), token);
        });
        var routes = RouterFixture.Route("""{"check-website":{"url":"${env.SITE}"}}""")
            .Replace("\"when\":{\"source\":[{\"prefix\":\"\"}]}", $"\"when\":{Valve}", StringComparison.Ordinal);
        await using var fixture = await RouterFixture.StartAsync(
            routes,
            new() { Sites = [new()] },
            ("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{s3.Port}"));
        Assert.Null(fixture.Handle(SampleEvents.Read("cloudformation")).Error);
        Assert.Equal(3, requests.Count);
        Assert.Single(requests.Distinct());
        Assert.Contains("\"Status\":\"SUCCESS\"", requests.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_handler_answers_is_the_resources_data_unless_it_is_too_long()
    {
        foreach (var (length, status) in ((int, string)[])[(10, "SUCCESS"), (5_000, "FAILED")])
        {
            var aws = await AwsFixture.StartAsync();
            await using var fixture = RouterFixture.Over(
                aws,
                """{"routes":[{"name":"r","when":{"ResourceType":["Custom::Valve"]},"do":[{"handler":{"name":"h"}}]}]}""",
                ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done("") with
                {
                    Answer = $$"""{"Id":"{{new string('x', length)}}"}""",
                })));
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
    public void Only_S3_in_AWSs_partitions_is_answered(string url, bool good) =>
        Assert.Equal(good, CloudFormationCallback.TryReadUrl(url, out _, out _));

    /// <summary>What S3 has taken last for the stack.</summary>
    internal static JsonNode Response(RouterFixture fixture)
    {
        var call = fixture.Aws.World.Calls.Last(call => call.Service == "s3");
        Assert.Equal(200, call.Status);
        return call.Parameters;
    }

    private static Task<RouterFixture> StartAsync(string page, string when, Fault? fault = null) =>
        CallbackTests.StartAsync("cloudformation", page, when, fault);
}
