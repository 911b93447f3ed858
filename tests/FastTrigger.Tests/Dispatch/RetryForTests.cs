using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>How long a route is tried (C5.6).</summary>
public sealed class RetryForTests
{
    private const string Command = """{"run-command":{"targets":{"instanceIds":["${event.detail.id}"]},"commands":["true"]}}""";

    [Theory]
    [InlineData(1, "retry", "InvalidInstanceId")]
    [InlineData(16, "failed", "not done within 15 minutes, which is what 'retryFor' says")]
    public async Task After_that_time_a_retry_is_a_failure_C5_6(int minutes, string outcome, string reason)
    {
        var offline = new WorldInstance { Id = "i-0aaaaaaaaaaaaaaa1", Agent = "offline" };
        await using var router = await RouterFixture.StartAsync(Routes("\"retryFor\":\"15m\","), offline);
        var @event = System.Text.Json.Nodes.JsonNode.Parse(RouterFixture.Event("""{"id":"i-0aaaaaaaaaaaaaaa1"}"""))!;
        @event["time"] = $"{DateTimeOffset.UtcNow.AddMinutes(-minutes):yyyy-MM-dd'T'HH:mm:ss'Z'}";
        var (found, detail) = router.Act(@event.ToJsonString());
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    private static string Routes(string setting) =>
        RouterFixture.Route(Command).Replace("\"name\":\"r\",", "\"name\":\"r\"," + setting, StringComparison.Ordinal);
}
