using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>Only a refusal that is about a target is a reason to make a batch's call again without it.</summary>
public sealed class TargetBlameTests
{
    private const string Command = """
        {"run-command": {"targets": {"instanceIds": ["${event.body.id}"]}, "commands": ["true"], "once": false, "confirm": false}}
        """;

    private static readonly string[] s_servers = [.. Enumerable.Range(1, 8).Select(i => $"i-{i:x17}")];

    [Theory]
    [InlineData("InvalidInstanceId", "", true)]
    [InlineData("InvalidInstanceID.NotFound", "The instance ID 'i-9' does not exist", true)]
    [InlineData("InvalidVolume.NotFound", "", true)]
    [InlineData("InvalidInstanceID.Malformed", "", true)]
    [InlineData("InvalidParameterValue", "Value (i-1) for parameter resourceId is invalid", true)]
    [InlineData("InvalidParameterValue", "Value (i-12) for parameter resourceId is invalid", false)]
    [InlineData("UnauthorizedOperation", "You are not authorized to perform this operation. Encoded message: x", true)]
    [InlineData("AccessDeniedException", "x is not authorized to perform: ssm:SendCommand on resource: arn:aws:ec2:r:1:instance/i-2", true)]
    [InlineData("AccessDeniedException", "x is not authorized to perform: ssm:SendCommand on resource: arn:aws:ssm:r::document/X", false)]
    [InlineData("InvalidDocument", "", false)]
    [InlineData("InvalidParameters", "", false)]
    [InlineData("TagLimitExceeded", "", false)]
    public void A_refusal_blames_a_target_or_the_request(string code, string message, bool blames) =>
        Assert.Equal(blames, new AwsFailure(AwsFailureKind.Refused, code, message, Sent: true).Blames(["i-1", "i-2"]));

    [Theory]
    [InlineData(AwsFailureKind.Throttled)]
    [InlineData(AwsFailureKind.ServerFault)]
    [InlineData(AwsFailureKind.NoAnswer)]
    [InlineData(AwsFailureKind.Expired)]
    [InlineData(AwsFailureKind.Unusable)]
    [InlineData(AwsFailureKind.DryRun)]
    internal void Whatever_else_fails_blames_no_target(AwsFailureKind kind)
    {
        var failure = new AwsFailure(kind, "InvalidInstanceID.NotFound", "The instance ID 'i-1' does not exist", Sent: true);
        Assert.False(failure.Blames(["i-1"]));
    }

    [Theory]
    [InlineData("InvalidDocument")]
    [InlineData("InvalidParameters")]
    public async Task A_batch_whose_request_is_refused_as_a_whole_is_sent_once(string code)
    {
        await using var fixture = await StartAsync(new() { Operation = "SendCommand", Kind = FaultKind.Error, Code = code, Times = 100 });
        Assert.Equal(8, Failures(fixture));
        Assert.Single(fixture.Aws.Operations, name => name == "SendCommand");
    }

    [Fact]
    public async Task A_batch_with_a_server_that_is_refused_is_sent_in_halves()
    {
        await using var fixture = await StartAsync(new() { Operation = "SendCommand", Kind = FaultKind.InvalidInstanceId, Times = 1 });
        Assert.Equal(0, Failures(fixture));
        Assert.Equal([8, 4, 4], fixture.Aws.World.Calls.Select(call => call.Parameters["InstanceIds"]!.AsArray().Count));
    }

    [Fact]
    public async Task Tags_that_a_sick_EC2_does_not_take_are_not_written_in_halves()
    {
        await using var fixture = await RouterFixture.StartAsync(
            """
            {
              "trust": ["arn:*"],
              "routes": [
                { "name": "r", "when": { "source": ["test"] },
                  "do": [{ "tag": { "tags": { "a": "b" }, "volumes": false, "overwrite": true } }] }
              ]
            }
            """,
            new WorldFile { Faults = [new() { Operation = "CreateTags", Kind = FaultKind.ServerError, Times = 100 }] },
            ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        var launches = s_servers.Select((id, i) => RouterFixture.Event(
            $$"""{"eventName":"RunInstances","responseElements":{"instancesSet":{"items":[{"instanceId":"{{id}}"}]} } }""",
            $"e-{i}"));
        Assert.Equal(8, Failures(fixture, Batch(launches)));
        // One call, with its four attempts (C5.1).
        Assert.Equal(4, fixture.Aws.World.Calls.Count);
        Assert.All(fixture.Aws.World.Calls, call => Assert.Equal(8, call.Parameters["Resources"]!.AsArray().Count));
    }

    private static int Failures(RouterFixture fixture, string? batch = null)
    {
        var (answer, error, _) = fixture.Handle(batch ?? Batch(s_servers.Select(id => $$"""{"id":"{{id}}"}""")), seconds: 60);
        Assert.True(error is null, error?.Message);
        return answer.GetProperty("batchItemFailures").GetArrayLength();
    }

    private static string Batch(IEnumerable<string> bodies)
    {
        var records = bodies.Select((body, i) => $$"""
            {
              "messageId": "m-{{i}}", "body": "{{JsonEncodedText.Encode(body)}}", "attributes": {}, "messageAttributes": {},
              "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:plant", "awsRegion": "us-east-1"
            }
            """);
        return $$"""{"Records":[{{string.Join(',', records)}}]}""";
    }

    private static Task<RouterFixture> StartAsync(Fault fault) => RouterFixture.StartAsync(
        $$"""{"routes":[{"name":"r","when":{"body":{"id":[{"prefix":"i-"}]} },"do":[{{Command}}]}]}""",
        new WorldFile { Instances = [.. s_servers.Select(id => new WorldInstance { Id = id })], Faults = [fault] },
        ("FASTTRIGGER_PARTIAL_BATCH", "on"));
}
