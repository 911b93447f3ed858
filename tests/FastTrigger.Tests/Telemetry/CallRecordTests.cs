using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Telemetry;

/// <summary>The record of each call of AWS, at the level DEBUG.</summary>
public sealed class CallRecordTests
{
    private static readonly string s_launch = RouterFixture.Event("""
        {"eventName":"RunInstances","responseElements":{"instancesSet":{"items":[{"instanceId":"i-0aaaaaaaaaaaaaaa1"}]}}}
        """);

    [Theory]
    [InlineData(null, "ok", null)]
    [InlineData("NotFound", "error", "InvalidInstanceID.NotFound: ")]
    public async Task It_says_what_was_called_and_how_it_ended(string? fault, string outcome, string? reason)
    {
        await using var router = await StartAsync("DEBUG");
        if (fault is not null)
        {
            router.Aws.World.Add(new Fault { Operation = "CreateTags", Kind = Enum.Parse<FaultKind>(fault) });
        }

        router.Handle(s_launch);
        var record = router.Logs[0];
        string? Text(string name) => record.TryGetProperty(name, out var value) ? value.GetString() : null;
        Assert.Equal(("DEBUG", "AWS call", "ec2:CreateTags"), (Text("level"), Text("message"), Text("call")));
        Assert.Equal(("us-east-1", outcome), (Text("region"), Text("outcome")));
        Assert.Equal(router.Logs[^1].GetProperty("requestId").GetString(), Text("requestId"));
        Assert.StartsWith(reason ?? "", Text("reason") ?? "", StringComparison.Ordinal);
        Assert.Equal(reason is null, Text("reason") is null);
        Assert.True(Guid.TryParse(Text("awsRequestId"), out _));
        Assert.True(record.GetProperty("ms").GetInt64() >= 0);
    }

    [Fact]
    public async Task There_is_none_at_INFO()
    {
        await using var router = await StartAsync("INFO");
        router.Handle(s_launch);
        Assert.Equal(["action", "invocation"], router.Logs.Select(static record => record.GetProperty("message").GetString()));
    }

    private static Task<RouterFixture> StartAsync(string level) => RouterFixture.StartAsync(
        RouterFixture.Route("""{"tag":{"tags":{"Owner":"ann"},"volumes":false,"overwrite":true}}"""),
        new WorldFile { Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1" }] },
        ("AWS_LAMBDA_LOG_LEVEL", level));
}
