using System.Security.Cryptography;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The act-once table (C4.3) on the local DynamoDB and on dynalite, a third-party DynamoDB.</summary>
public sealed class OnceTableTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_outcome_is_kept_and_reported_to_every_later_delivery(bool dynalite)
    {
        await using var peer = await OncePeer.StartAsync(dynalite);
        await using var router = peer.Router();
        Assert.Equal("done", router.Act(Event()).Outcome);
        var again = router.ActionOf(Event());
        Assert.StartsWith("already done: 127.0.0.1", again.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(again.GetProperty("doneBefore").GetBoolean());
        Assert.Equal(1, peer.Calls);
        Assert.Equal("done", router.Act(Event("event-2")).Outcome);
        Assert.Equal(2, peer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_concurrent_deliveries_one_acts(bool dynalite)
    {
        await using var peer = await OncePeer.StartAsync(dynalite);
        var others = new TaskCompletionSource();
        peer.Answers = others.Task;
        var routers = Enumerable.Range(0, 6).Select(_ => peer.Router()).ToList();
        var refused = 0;
        var outcomes = await Task.WhenAll(routers.Select(router => Task.Run(() =>
        {
            var outcome = router.Act(Event()).Outcome;
            // The call of the delivery that acts is answered after the other deliveries end as retries.
            if (outcome == "retry" && Interlocked.Increment(ref refused) == 5)
            {
                others.SetResult();
            }

            return outcome;
        })));
        Assert.Equal(1, peer.Calls);
        Assert.Equal((1, 5), (outcomes.Count(outcome => outcome == "done"), outcomes.Count(outcome => outcome == "retry")));
        Assert.Equal("done", routers[0].Act(Event()).Outcome);
        Assert.Equal(1, peer.Calls);
        foreach (var router in routers)
        {
            await router.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false, "fail", 0)]
    [InlineData(true, "fail", 0)]
    [InlineData(false, "rerun", 1)]
    [InlineData(true, "rerun", 1)]
    public async Task An_entry_whose_holder_died_is_taken_over_after_its_time(bool dynalite, string interrupted, int calls)
    {
        await using var peer = await OncePeer.StartAsync(dynalite, $$"""{"interrupted":"{{interrupted}}"}""");
        await using var router = peer.Router();
        // A holder that is killed leaves this entry.
        await peer.PutAsync(Key(), "INPROGRESS", DateTimeOffset.UtcNow.AddHours(1));
        var (outcome, detail) = router.Act(Event());
        Assert.Equal("retry", outcome);
        Assert.Contains("another delivery of the same event is at work on it", detail, StringComparison.Ordinal);
        await peer.PutAsync(Key(), "INPROGRESS", DateTimeOffset.UtcNow.AddSeconds(-1));
        (outcome, detail) = router.Act(Event());
        Assert.Equal(calls == 0 ? "failed" : "done", outcome);
        Assert.Equal(calls == 0, detail.Contains("may have received it", StringComparison.Ordinal));
        Assert.Equal(calls, peer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_action_that_was_not_done_leaves_no_entry(bool dynalite)
    {
        await using var peer = await OncePeer.StartAsync(dynalite);
        await using var router = peer.Router();
        peer.Status = 503;
        Assert.Equal("retry", router.Act(Event()).Outcome);
        peer.Status = 403;
        Assert.Equal("failed", router.Act(Event()).Outcome);
        peer.Status = 200;
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Equal(3, peer.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_expired_entry_is_ignored(bool dynalite)
    {
        await using var peer = await OncePeer.StartAsync(dynalite);
        await using var router = peer.Router();
        await peer.PutAsync(Key(), "COMPLETED", DateTimeOffset.UtcNow, expiration: DateTimeOffset.UtcNow.AddSeconds(-1));
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Equal(1, peer.Calls);
    }

    [Theory]
    [InlineData("accepted-then-reset", "done", 1)]
    [InlineData("throttle", "done", 1)]
    [InlineData("error", "failed", 0)]
    public async Task A_write_whose_answer_is_lost_still_takes_the_entry(string kind, string outcome, int calls)
    {
        await using var peer = await OncePeer.StartAsync(dynalite: false);
        await using var router = peer.Router();
        var world = JsonSerializer.Deserialize(
            $$"""{"faults":[{"operation":"PutItem","kind":"{{kind}}","code":"ResourceNotFoundException"}]}""",
            WorldJson.Default.WorldFile)!;
        router.Aws.World.Add(world.Faults[0]);
        Assert.Equal(outcome, router.Act(Event()).Outcome);
        Assert.Equal(calls, peer.Calls);
    }

    [Fact]
    public async Task An_action_is_done_although_its_outcome_cannot_be_written_to_the_table()
    {
        await using var peer = await OncePeer.StartAsync(dynalite: false);
        await using var router = peer.Router();
        // The first write takes the entry. The later ones, which would complete it, fail.
        router.Aws.World.Add(new Fault { Operation = "PutItem", Kind = FaultKind.Slow, Milliseconds = 1 });
        router.Aws.World.Add(new Fault { Operation = "PutItem", Kind = FaultKind.Throttle, Times = 9 });
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Contains(
            router.Logs,
            record => record.GetProperty("message").GetString() == "the outcome could not be recorded in the act-once table");
        Assert.Equal("retry", router.Act(Event()).Outcome);
        Assert.Equal(1, peer.Calls);
    }

    private static string Event(string id = "event-1") => RouterFixture.Event("{}", id);

    private static string Key(string id = "event-1") =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"fasttrigger\0r\00\0{id}")));
}
