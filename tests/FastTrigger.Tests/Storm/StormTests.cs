using System.Diagnostics;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Tests.Storm;

/// <summary>The arrival times of a storm's events, and the servers that its environments need.</summary>
public sealed class StormTests
{
    [Theory]
    [InlineData("Constant", 600)]
    [InlineData("Ramp", 300)]
    [InlineData("Burst", 600)]
    [InlineData("Poisson", 600)]
    public void A_plan_has_the_expected_number_of_events_in_order_within_its_time(string kind, int expected)
    {
        var plan = new StormPlan(10, TimeSpan.FromSeconds(60), Enum.Parse<ArrivalKind>(kind));
        var times = plan.Times().ToList();
        Assert.InRange(times.Count, expected * 0.9, expected * 1.1);
        Assert.Equal(times.Order(), times);
        Assert.True(times[0] >= TimeSpan.Zero && times[^1] < plan.Duration);
        Assert.Equal(times, plan.Times());
    }

    [Fact]
    public async Task No_event_comes_before_its_time()
    {
        for (var microseconds = 100; microseconds < 20_000; microseconds += 700)
        {
            var (started, due) = (Stopwatch.GetTimestamp(), TimeSpan.FromMicroseconds(microseconds));
            await StormRun.UntilAsync(started, due, TestContext.Current.CancellationToken);
            Assert.True(Stopwatch.GetElapsedTime(started) >= due);
        }
    }

    [Fact]
    public void A_ramp_grows_and_a_burst_arrives_at_once()
    {
        var ramp = new StormPlan(10, TimeSpan.FromSeconds(60), ArrivalKind.Ramp).Times().ToList();
        Assert.InRange(ramp.Count(time => time.TotalSeconds < 30), ramp.Count * 0.2, ramp.Count * 0.3);
        var burst = new StormPlan(10, TimeSpan.FromSeconds(60), ArrivalKind.Burst).Times().ToList();
        Assert.Equal(12, burst.Distinct().Count());
    }

    [Fact]
    public async Task Two_hundred_environments_can_have_their_own_servers_at_a_time()
    {
        var servers = new List<RuntimeApiServer>();
        for (var i = 0; i < 200; i++)
        {
            servers.Add(await RuntimeApiServer.StartAsync(new() { Bootstrap = "none" }));
        }

        Assert.Equal(200, servers.Select(server => server.Address).Distinct().Count());
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }
}
