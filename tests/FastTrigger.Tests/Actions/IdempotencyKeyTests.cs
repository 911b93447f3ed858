using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>`once.by` names the idempotency key (C4.1).</summary>
public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"once":{"by":"${event.detail.order}"}}}""")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"once":{"by":"${event.detail.none ?? ''}"}}}""")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"once":{"by":"${event.detail.orders[*]}"}}}""")]
    [InlineData("""{"run-automation":{"document":"Plant-Restart","once":{"by":"${event.detail.order}"}}}""")]
    [InlineData("""{"call":{"url":"http://127.0.0.1:9/","message":"x","once":{"by":"${event.detail.order}"}}}""")]
    public async Task A_key_that_comes_out_empty_is_missing_and_nothing_is_done(string action)
    {
        var world = new WorldFile { Documents = [new() { Name = "Plant-Restart" }], Tables = ["once"] };
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(action), world, ("FASTTRIGGER_ONCE_TABLE", "once"));
        var (outcome, detail) = router.Act(RouterFixture.Event("""{"order":"","orders":["",""]}"""));
        Assert.Equal("failed", outcome);
        Assert.Contains("once.by: the idempotency key is missing", detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }
}
