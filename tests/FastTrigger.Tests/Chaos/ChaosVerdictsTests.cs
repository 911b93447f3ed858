using FastTrigger.Cli.Chaos;

namespace FastTrigger.Tests.Chaos;

/// <summary>A chaos run fails for each verdict that it must not have, and for too many unknown events.</summary>
public sealed class ChaosVerdictsTests
{
    [Theory]
    [InlineData(1, null, ChaosVerdict.Acted)]
    [InlineData(1, "which may have received it", ChaosVerdict.Acted)]
    [InlineData(0, "which may have received it", ChaosVerdict.Unknown)]
    [InlineData(0, "connection refused", ChaosVerdict.Failed)]
    [InlineData(1, "connection refused", ChaosVerdict.Failed)]
    [InlineData(0, null, ChaosVerdict.Lost)]
    [InlineData(2, null, ChaosVerdict.Twice)]
    [InlineData(2, "connection refused", ChaosVerdict.Twice)]
    public void An_effect_is_judged_by_its_number_and_by_what_is_reported(int count, string? reason, object verdict) =>
        Assert.Equal(verdict, ChaosVerdicts.Judge(count, reason));

    [Theory]
    [InlineData(ChaosVerdict.Acted, true)]
    [InlineData(ChaosVerdict.Unknown, true)]
    [InlineData(ChaosVerdict.Failed, false)]
    [InlineData(ChaosVerdict.Lost, false)]
    [InlineData(ChaosVerdict.Twice, false)]
    public void One_event_that_failed_or_was_lost_or_happened_twice_fails_a_run(object verdict, bool isGood)
    {
        var verdicts = Of(acted: 19, unknown: 0);
        verdicts.Add((ChaosVerdict)verdict);
        Assert.Equal(isGood, verdicts.IsGood);
        Assert.Null(verdicts.Problem);
    }

    [Theory]
    [InlineData(0, 2, null)]
    [InlineData(0, 3, "3 of 3 events are unknown, and at most 2 may be")]
    [InlineData(16, 4, null)]
    [InlineData(15, 5, "5 of 20 events are unknown, and at most 4 may be")]
    public void More_unknown_events_than_two_and_a_tenth_of_all_fail_a_run(int acted, int unknown, string? problem)
    {
        var verdicts = Of(acted, unknown);
        Assert.Equal((problem is null, problem), (verdicts.IsGood, verdicts.Problem));
        Assert.Equal($"acted {acted} unknown {unknown} failed 0 twice 0 lost 0", verdicts.ToString());
    }

    private static ChaosVerdicts Of(int acted, int unknown)
    {
        var verdicts = new ChaosVerdicts(share: 10);
        for (var i = 0; i < acted + unknown; i++)
        {
            verdicts.Add(i < acted ? ChaosVerdict.Acted : ChaosVerdict.Unknown);
        }

        return verdicts;
    }
}
