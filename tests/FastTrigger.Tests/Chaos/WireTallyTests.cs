using System.Text.Json.Nodes;
using FastTrigger.Cli.Chaos;
using FastTrigger.Cli.Chaos.Wire;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Tests.Chaos;

/// <summary>Each rule that chaos on the wire counts can be seen to be broken.</summary>
public sealed class WireTallyTests : IDisposable
{
    /// <summary>The events of a call and of two checks, one for each round of all kinds.</summary>
    private const int Called = 5, Checked = 6, CheckedToo = 14;

    private static readonly WirePlan s_plan = new(Events: 16, Deliveries: 16, Seed: 1);

    private readonly LocalWorld _world = new(new() { Instances = [new() { Id = WirePlan.Server }] }, "us-east-1", "123456789012");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_run_whose_events_all_happened_once_and_are_reported_as_done_is_good()
    {
        Act();
        var tally = Tally([]);
        Assert.Equal("acted 16 unknown 0 failed 0 twice 0 lost 0", tally.Verdicts.ToString());
        Assert.Equal((true, 0, 0), (tally.IsGood, tally.False, tally.Late));
        Assert.Empty(tally.Findings);
        Assert.All(s_plan.Kinds, kind => Assert.Equal((2, 2), (tally.Kinds[kind].Events, tally.Kinds[kind][ChaosVerdict.Acted])));
    }

    [Theory]
    [InlineData(null, "lost", false)]
    [InlineData("It may have received it", "unknown", true)]
    [InlineData("connection refused", "failed", false)]
    public void An_effect_that_is_missing_is_lost_or_unknown_or_failed_by_what_is_reported(string? reason, string verdict, bool isGood)
    {
        Act(except: Called);
        var tally = Tally([reason is null ? Done(Called) : Failed(Called, reason)]);
        Assert.Contains($"{verdict} 1", tally.Verdicts.ToString(), StringComparison.Ordinal);
        Assert.Equal(isGood, tally.IsGood);
        Assert.Equal($"order-000005 called: call: 0 times; {reason ?? "no reason is reported"}", Assert.Single(tally.Findings));
    }

    [Theory]
    [InlineData(Called, "connection refused")]
    [InlineData(Checked, "status 500 is not 200")]
    public void An_event_whose_last_delivery_fails_has_failed_although_it_had_its_effect(int number, string reason)
    {
        Act();
        var tally = Tally([Done(number) with { IsLast = false }, Failed(number, reason)]);
        Assert.Equal(("acted 15 unknown 0 failed 1 twice 0 lost 0", false), (tally.Verdicts.ToString(), tally.IsGood));
        Assert.EndsWith($": 1 times; {reason}", Assert.Single(tally.Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_was_received_and_may_have_been_is_acted()
    {
        Act();
        Assert.True(Tally([Failed(Called, "It may have received it")]).IsGood);
    }

    [Fact]
    public void An_effect_that_happened_again_is_twice()
    {
        Act();
        Call(Called);
        var tally = Tally([Failed(Called, "connection refused")]);
        Assert.Equal(("acted 15 unknown 0 failed 0 twice 1 lost 0", false), (tally.Verdicts.ToString(), tally.IsGood));
    }

    [Fact]
    public void A_report_of_what_had_not_happened_is_false_although_it_happens_later()
    {
        Assert.False(Effects().HasBegun(Called));
        Act();
        Assert.True(Effects().HasBegun(Called));
        var tally = Tally([Done(Called) with { IsFalse = true, IsLast = false }, Done(Called)]);
        Assert.Equal((1, false), (tally.False, tally.IsGood));
    }

    /// <summary>Neither a call nor another event's check stands for it.</summary>
    [Fact]
    public void A_check_that_is_reported_more_often_than_the_website_saw_it_is_false()
    {
        Act();
        Check(CheckedToo);
        _world.SiteRequests.Enqueue(new("POST", WirePlan.CheckOf(Checked), ""));
        var tally = Tally([Done(Checked) with { IsLast = false }, Done(Checked)]);
        Assert.Equal((1, false), (tally.False, tally.IsGood));
        Assert.Equal("order-000006: 2 checks are reported as done, and the website received 1 requests", Assert.Single(tally.Findings));
        Check(Checked);
        Assert.True(Tally([Done(Checked) with { IsLast = false }, Done(Checked)]).IsGood);
    }

    [Fact]
    public void Each_check_has_a_route_by_which_its_requests_are_counted()
    {
        var routes = JsonNode.Parse(s_plan.Routes())!["routes"]!.AsArray().Select(static route => route!.ToJsonString()).ToList();
        Assert.Single(routes, route => route.Contains("?order-000006", StringComparison.Ordinal));
        Assert.Single(routes, route => route.Contains("?order-000014", StringComparison.Ordinal));
        Assert.Equal(9, routes.Count);
    }

    [Theory]
    [InlineData("Sandbox.Timedout", 1)]
    [InlineData(null, 11)]
    public void An_invocation_that_was_still_at_work_when_its_time_was_over_is_late(string? error, int seconds)
    {
        Act();
        var outcome = new InvocationOutcome("1", "{}"u8.ToArray(), error, TimeSpan.FromSeconds(seconds));
        var tally = Tally([new(Called, outcome, TimeSpan.FromSeconds(10), IsLast: false, IsFalse: false), Done(Called)]);
        Assert.Equal((1, false), (tally.Late, tally.IsGood));
    }

    [Fact]
    public void A_broken_rule_of_the_Runtime_API_is_a_finding()
    {
        Act();
        var tally = new WireTally(s_plan, Effects(), All([]), ["POST response for an invocation that is not running"]);
        Assert.Equal((1, false), (tally.Violations, tally.IsGood));
    }

    /// <summary>Of 40 events of 8 kinds, five are calls.</summary>
    [Theory]
    [InlineData(3, true, null)]
    [InlineData(4, false, "called: 4 of 5 events are unknown, and at most 3 may be")]
    public void Calls_may_not_all_be_unknown_although_they_are_few_of_all_events(int unknown, bool isGood, string? problem)
    {
        var plan = new WirePlan(Events: 40, Deliveries: 40, Seed: 1);
        var calls = Enumerable.Range(0, plan.Events).Where(number => plan.KindOf(number) == WirePlan.Called).Take(unknown).ToHashSet();
        foreach (var number in Enumerable.Range(0, plan.Events).Except(calls))
        {
            Act(plan.KindOf(number), number);
        }

        var reports = Enumerable.Range(0, plan.Events)
            .Select(number => calls.Contains(number) ? Failed(number, "It may have received it") : Done(number))
            .ToList();
        var tally = new WireTally(plan, Effects(plan), reports, []);
        Assert.Equal($"acted {40 - unknown} unknown {unknown} failed 0 twice 0 lost 0", tally.Verdicts.ToString());
        Assert.Equal(isGood, tally.IsGood);
        Assert.Equal(problem, tally.Findings.Skip(unknown).SingleOrDefault());
    }

    private void Act(int? except = null)
    {
        for (var number = 0; number < s_plan.Events; number++)
        {
            if (number != except)
            {
                Act(s_plan.KindOf(number), number);
            }
        }
    }

    /// <summary>Leaves on the servers what one delivery of an event does.</summary>
    private void Act(string kind, int number)
    {
        var order = WirePlan.OrderOf(number);
        var request = new JsonObject { ["order"] = order };
        switch (kind)
        {
            case WirePlan.Tagged:
                _world.AddNamedIn(WirePlan.InstanceOf(number));
                _world.Resources[WirePlan.InstanceOf(number)]["Owner"] = "alice";
                break;
            case WirePlan.Guarded or WirePlan.Waited or WirePlan.Recorded:
                var log = kind == WirePlan.Recorded ? "recorded.log" : "guarded.log";
                File.AppendAllText(Path.Combine(_world.Instances[WirePlan.Server].Directory, log), $"{order}\n");
                break;
            case WirePlan.Called:
                Call(number);
                break;
            case WirePlan.Checked:
                Check(number);
                break;
            default:
                _world.Automations[order] = new(order, new() { Name = "Plant-Restart" }, request, DateTimeOffset.UnixEpoch);
                _world.Record(new("autoscaling", "CompleteLifecycleAction", 200, request, "", DateTimeOffset.UnixEpoch, "123456789012"));
                break;
        }
    }

    private void Call(int number) => _world.SiteRequests.Enqueue(new("POST", "", WirePlan.OrderOf(number)));

    private void Check(int number) => _world.SiteRequests.Enqueue(new("GET", WirePlan.CheckOf(number), ""));

    private WireEffects Effects(WirePlan? plan = null) => new(plan ?? s_plan, _world, static () => []);

    private WireTally Tally(WireReport[] reports) => new(s_plan, Effects(), All(reports), []);

    /// <summary>These reports, and for all other events that they were done.</summary>
    private static WireReport[] All(WireReport[] reports) =>
        [.. reports, .. Enumerable.Range(0, s_plan.Events).Except(reports.Select(static report => report.Number)).Select(Done)];

    private static WireReport Done(int number) => Report(number, new("1", "{}"u8.ToArray(), null, TimeSpan.FromSeconds(1)));

    private static WireReport Failed(int number, string reason)
    {
        var payload = Encoding.UTF8.GetBytes(new JsonObject { ["errorMessage"] = reason }.ToJsonString());
        return Report(number, new("1", payload, "Function.ActionFailed", TimeSpan.FromSeconds(1)));
    }

    private static WireReport Report(int number, InvocationOutcome outcome) =>
        new(number, outcome, TimeSpan.FromSeconds(10), IsLast: true, IsFalse: false);
}
