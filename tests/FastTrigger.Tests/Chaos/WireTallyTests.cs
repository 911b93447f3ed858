using FastTrigger.Cli.Chaos.Wire;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Tests.Chaos;

/// <summary>Each rule that chaos on the wire counts can be seen to be broken.</summary>
public sealed class WireTallyTests : IDisposable
{
    /// <summary>The event of a call, and the number of others that say that they were not done.</summary>
    private const int Called = 5, Others = 6;

    private static readonly WirePlan s_plan = new(Events: 8, Deliveries: 8, Seed: 1);

    private readonly LocalWorld _world = new(new() { Instances = [new() { Id = WirePlan.Server }] }, "us-east-1", "123456789012");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_effect_that_is_missing_is_lost_when_nothing_reports_it_and_unknown_when_something_does()
    {
        var silent = Tally([Done(Called)]);
        Assert.Equal((1, Others, false), (silent.Lost, silent.Unknown, silent.IsGood));
        Assert.Contains("order-000005 called: call: 0 times; no reason is reported", silent.Findings);
        var told = Tally([Failed(Called)]);
        Assert.Equal((0, Others + 1), (told.Lost, told.Unknown));
    }

    [Fact]
    public void An_effect_that_happened_again_is_twice()
    {
        _world.SiteBodies.Enqueue(WirePlan.OrderOf(Called));
        Assert.True(Tally([Done(Called)]).IsGood);
        _world.SiteBodies.Enqueue(WirePlan.OrderOf(Called));
        var tally = Tally([Failed(Called)]);
        Assert.Equal((1, 0, Others, false), (tally.Twice, tally.Lost, tally.Unknown, tally.IsGood));
    }

    [Fact]
    public void A_report_of_what_had_not_happened_is_false_although_it_happens_later()
    {
        Assert.False(Effects().HasBegun(Called));
        _world.SiteBodies.Enqueue(WirePlan.OrderOf(Called));
        Assert.True(Effects().HasBegun(Called));
        Assert.Equal(1, Tally([Done(Called) with { IsFalse = true, IsLast = false }, Done(Called)]).False);
    }

    [Fact]
    public void A_check_that_no_website_saw_is_false()
    {
        _world.SiteBodies.Enqueue(WirePlan.OrderOf(Called));
        Assert.Equal(1, Tally([Done(Called)], visits: 0).False);
    }

    [Theory]
    [InlineData("Sandbox.Timedout", 1)]
    [InlineData(null, 11)]
    public void An_invocation_that_was_still_at_work_when_its_time_was_over_is_late(string? error, int seconds)
    {
        _world.SiteBodies.Enqueue(WirePlan.OrderOf(Called));
        var outcome = new InvocationOutcome("1", "{}"u8.ToArray(), error, TimeSpan.FromSeconds(seconds));
        Assert.Equal(1, Tally([new(Called, outcome, TimeSpan.FromSeconds(10), IsLast: false, IsFalse: false), Done(Called)]).Late);
    }

    [Fact]
    public void A_broken_rule_of_the_Runtime_API_is_a_finding()
    {
        _world.SiteBodies.Enqueue(WirePlan.OrderOf(Called));
        var tally = new WireTally(s_plan, Effects(), All([Done(Called)]), 8, ["POST response for an invocation that is not running"]);
        Assert.Equal((1, false), (tally.Violations, tally.IsGood));
    }

    private WireEffects Effects() => new(s_plan, _world, static () => []);

    private WireTally Tally(WireReport[] reports, int visits = 8) => new(s_plan, Effects(), All(reports), visits, []);

    /// <summary>These reports, and for all other events that they were not done and say so.</summary>
    private WireReport[] All(WireReport[] reports)
    {
        _world.AddNamedIn(WirePlan.InstanceOf(0));
        return [.. Enumerable.Range(0, s_plan.Events).Where(static number => number != Called).Select(Other), .. reports];
    }

    /// <summary>Of the others only the check has no effect that could be missing.</summary>
    private static WireReport Other(int number) => s_plan.KindOf(number) == WirePlan.Checked ? Done(number) : Failed(number);

    private static WireReport Done(int number) => Report(number, new("1", "{}"u8.ToArray(), null, TimeSpan.FromSeconds(1)));

    private static WireReport Failed(int number) => Report(number, InvocationOutcome.Error("1", "Function.ActionFailed", "a reason"));

    private static WireReport Report(int number, InvocationOutcome outcome) =>
        new(number, outcome, TimeSpan.FromSeconds(10), IsLast: true, IsFalse: false);
}
