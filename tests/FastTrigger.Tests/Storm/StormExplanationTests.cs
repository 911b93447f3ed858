using FastTrigger.Cli.Storm;

namespace FastTrigger.Tests.Storm;

/// <summary>The sentence that a report opens with says what the median consists of, and why.</summary>
public sealed class StormExplanationTests
{
    private static readonly ScenarioQueue s_queue = new() { BatchSize = 10, WindowSeconds = 2 };

    [Fact]
    public void Starts_at_the_same_time_are_named_with_the_fastest_of_them()
    {
        var result = Result(waiting: 100, start: 850, work: 3) with { MaxBusy = 100 };
        Assert.Equal(
            "Half of the events were done within 953.0 ms: 100.0 ms of waiting for an environment, 850.0 ms of its start and 3.0 ms of "
            + "work; 100 events arrive at once and 10 of 10 needed a new environment, and up to 100 at the same time share 2 cores, where "
            + "the fastest started in 850.0 ms.",
            Explain(result));
    }

    [Fact]
    public void Waiting_is_explained_by_the_limit_the_scaling_the_window_or_the_machine()
    {
        var result = Result(waiting: 900, start: 10, work: 3);
        Assert.EndsWith(
            "; 100 events arrive at once and 41 attempts found all 100 environments busy, after which Lambda waits 1 s, 2 s and so on.",
            Explain(result with { ThrottledAtLimit = 41, ThrottledByScaling = 2 }),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "; 41 attempts came when Lambda added no environment so soon, after which it waits 1 s, 2 s and so on.",
            Explain(result with { ThrottledByScaling = 41 }),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "; the queue gathers up to 10 messages for up to 2 s.",
            Explain(result with { Variant = StormFixture.OnDemand with { Queue = s_queue } }),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "; 100 events arrive at once and this machine's 2 cores had up to 10 environments to start and to serve at the same time.",
            Explain(result),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "; an environment was free for most, and this machine takes that long to hand events over.",
            Explain(result with { MaxBusy = 1 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_and_work_are_explained_by_calls_that_AWS_throttled()
    {
        var throttled = new CallCount("ec2:CreateTags", 90, 30, 0, 30, 50, DocumentedQuotas.Find("ec2:CreateTags"), true);
        var failed = Result(waiting: 1, start: 1, work: 3, retrying: 60_000) with { Calls = [throttled] };
        Assert.Contains(
            ", 60000.0 ms between a failure and Lambda's next attempt and 3.0 ms of work; ",
            Explain(failed),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "10 invocations failed, as AWS throttled calls, and Lambda tries again after one and two minutes.",
            Explain(failed),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "and their messages come again after 30 s.",
            Explain(failed with { Variant = StormFixture.OnDemand with { Queue = s_queue } }),
            StringComparison.Ordinal);
        var worked = Result(waiting: 1, start: 1, work: 700);
        Assert.EndsWith(
            "; AWS throttled 30 calls, which the function repeats after a pause.",
            Explain(worked with { Calls = [throttled] }),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "; up to 10 functions at the same time share 2 cores, where the fastest took 700.0 ms.",
            Explain(worked),
            StringComparison.Ordinal);
        Assert.EndsWith(
            ": 1.0 ms of handing it over, 1.0 ms of its start and 700.0 ms of work; they came one at a time, and the fastest took "
            + "700.0 ms.",
            Explain(worked with { MaxBusy = 1 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_storm_of_which_nothing_was_done_says_so()
    {
        var lost = StormFixture.Result([StormFixture.Event(0, 1, 1, 1, error: "Function.ActionFailed")]);
        Assert.Equal("None of 1 event was done.", Explain(lost));
    }

    private static StormResult Result(int waiting, int start, int work, int retrying = 0) =>
        StormFixture.Result([.. Enumerable.Range(0, 10).Select(i => StormFixture.Event(i, waiting, start, work, retrying))]);

    private static string Explain(StormResult result) => StormExplanation.Of(result, StormFixture.Scenario().CreatePlan(), cores: 2);
}
