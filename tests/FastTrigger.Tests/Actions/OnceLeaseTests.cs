using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>How long an entry of the act-once table stays in progress (C4.3), by a clock that the tests set.</summary>
public sealed class OnceLeaseTests
{
    [Theory]
    [InlineData("fail", "failed")]
    [InlineData("rerun", "done")]
    public async Task The_entry_of_a_dead_holder_is_free_when_Lambda_retries_first_C4_3(string interrupted, string outcome)
    {
        await using var peer = await OncePeer.StartAsync(dynalite: false, $$"""{"interrupted":"{{interrupted}}"}""");
        await using var router = peer.Router();
        var answer = new TaskCompletionSource();
        peer.Answers = answer.Task;
        // The function has the longest time that Lambda gives. The holder is killed while it waits for the server.
        var holding = Task.Run(() => router.Act(Event(), seconds: 900), TestContext.Current.CancellationToken);
        var entry = await peer.CopyInProgressAsync(Key());
        answer.SetResult();
        _ = await holding;
        peer.Restore(Key(), entry);
        await using var at59Seconds = peer.Router(new TestClock { WallOffsetMs = 59_000 });
        Assert.Equal(outcome, at59Seconds.Act(Event(), seconds: 900).Outcome);
    }

    [Fact]
    public async Task An_entry_is_renewed_while_its_holder_works_C4_3()
    {
        await using var peer = await OncePeer.StartAsync(dynalite: false);
        var clock = new TestClock();
        await using var router = peer.Router(clock);
        var answer = new TaskCompletionSource();
        peer.Answers = answer.Task;
        var holding = Task.Run(() => router.Act(Event(), seconds: 900), TestContext.Current.CancellationToken);
        var until = Until(await peer.CopyInProgressAsync(Key()));
        clock.WallOffsetMs = 59_000;
        await peer.WaitAsync(Key(), item => Until(item) >= until + 50_000);
        await using var another = peer.Router(clock);
        Assert.Equal("retry", another.Act(Event(), seconds: 900).Outcome);
        answer.SetResult();
        Assert.Equal("done", (await holding).Outcome);
        Assert.Equal(1, peer.Calls);
        // The renewing has ended with the action.
        clock.WallOffsetMs = 130_000;
        Assert.StartsWith("already done", another.Act(Event(), seconds: 900).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_time_of_an_entry_ends_soon_after_the_invocation_C4_3()
    {
        await using var peer = await OncePeer.StartAsync(dynalite: false);
        await using var router = peer.Router();
        var answer = new TaskCompletionSource();
        peer.Answers = answer.Task;
        var holding = Task.Run(() => router.Act(Event(), seconds: 12), TestContext.Current.CancellationToken);
        var left = Until(await peer.CopyInProgressAsync(Key())) - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.InRange(left, 0, 17_000);
        answer.SetResult();
        Assert.Equal("done", (await holding).Outcome);
    }

    private static long Until(JsonObject item) =>
        long.Parse(item["in_progress_expiration"]!["N"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    private static string Event(string id = "event-1") => RouterFixture.Event("{}", id);

    private static string Key(string id = "event-1") =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"fasttrigger\0r\00\0{id}")));
}
