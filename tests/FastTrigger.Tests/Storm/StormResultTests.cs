using FastTrigger.Cli.LocalLambda;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Tests.Storm;

/// <summary>How the time of an event is divided, and what half of the events took.</summary>
public sealed class StormResultTests
{
    [Fact]
    public void The_parts_of_an_event_are_its_whole_time()
    {
        InvocationOutcome[] outcomes =
        [
            InvocationOutcome.ThrottledFor("a"),
            Outcome(30, "Function.ActionFailed") with { Init = TimeSpan.FromMilliseconds(12) },
            Outcome(5, null),
        ];
        var settled = StormEvent.Of(
            0, TimeSpan.Zero, TimeSpan.FromMilliseconds(1_100), outcomes, TimeSpan.FromMilliseconds(1_000), null);
        Assert.Equal((12.0, 35.0, 53.0), (Ms(settled.Start), Ms(settled.Work), Ms(settled.Waiting)));
        Assert.Equal((1, 1, true), (settled.Throttled, settled.Failures, settled.IsCold));
    }

    [Fact]
    public void The_parts_of_the_median_are_those_of_the_events_about_it()
    {
        // The first and the last events wait and start as the middle ones do not.
        List<StormEvent> events = [.. Enumerable.Range(0, 40).Select(i => StormFixture.Event(i, 0, 0, 1))];
        events.AddRange(Enumerable.Range(40, 20).Select(i => StormFixture.Event(i, 60, 30, 10)));
        events.AddRange(Enumerable.Range(60, 40).Select(i => StormFixture.Event(i, 0, 500, 1)));
        var parts = StormFixture.Result(events).MedianParts();
        Assert.Equal(new StormParts(100, 60, 30, 10, 0), parts);
    }

    [Fact]
    public void An_event_that_was_given_up_has_no_time_and_makes_the_storm_fail()
    {
        var result = StormFixture.Result([StormFixture.Event(0, 1, 1, 1), StormFixture.Event(1, 900, 1, 1, error: "Sandbox.Timedout")]);
        Assert.Equal([3.0], result.Milliseconds(settled => settled.Whole));
        Assert.Equal((1, false), (result.Lost, result.IsWhole));
        Assert.True(StormFixture.Result([StormFixture.Event(0, 1, 1, 1)]).IsWhole);
        Assert.Equal(default, StormFixture.Result([]).MedianParts());
    }

    [Fact]
    public void The_bill_has_init_and_duration_in_whole_milliseconds_and_no_throttled_attempt()
    {
        var scenario = StormFixture.Scenario() with
        {
            Memory = 512,
            Prices = new() { MillionRequests = 0.2, GbSecond = 0.00001, MillionQueueRequests = 0.4 },
        };
        InvocationOutcome[] invocations =
        [
            Outcome(1.2, null) with { Init = TimeSpan.FromMilliseconds(10.1) },
            InvocationOutcome.ThrottledFor("a"),
            Outcome(987.4, "Function.ActionFailed"),
        ];
        var cost = StormCost.Of(scenario, invocations, 500_000);
        Assert.Equal((2, 500_000), (cost.Requests, cost.QueueRequests));
        Assert.Equal(0.5, cost.GbSeconds, 6);
        Assert.Equal(0.0000004 + 0.000005 + 0.2, cost.Price!.Value, 9);
        Assert.Null(StormCost.Of(StormFixture.Scenario(), invocations, 0).Price);
    }

    private static InvocationOutcome Outcome(double milliseconds, string? error) =>
        new("a", [], error, TimeSpan.FromMilliseconds(milliseconds));

    private static double Ms(TimeSpan time) => time.TotalMilliseconds;
}
