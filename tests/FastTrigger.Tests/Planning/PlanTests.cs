using FastTrigger.Cli.Planning;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Planning;

public sealed class PlanTests
{
    /// <summary>The event whose costs docs/deploy.md has, with its assumptions.</summary>
    private static readonly PlanMeasurement s_command = new(
        "done", 1, [new("ssm:SendCommand", 1), new("ssm:ListCommands", 1)], OwnMs: 0, LogBytes: 1_100, Metrics: 7)
    { IsBilledByBus = true };

    private static readonly PlanMeasurement s_tags = new(
        "done", 1, [new("ec2:CreateTags", 1), new("ec2:DescribeTags", 1)], OwnMs: 2, LogBytes: 1_000, Metrics: 7);

    private static readonly PlanAssumptions s_assumed = new(128, CallMs: 100, InitMs: 100, PlanAssumptions.DefaultConcurrency);

    [Fact]
    public void Environments_follow_from_rate_and_duration()
    {
        var plan = new Plan(s_tags, s_assumed, 5);
        Assert.Equal(202, plan.DurationMs);
        // Little's law, with a hundredth of starts.
        Assert.Equal(5 * 0.203, plan.Busy, 6);
        Assert.Equal(9, plan.MostBusy);
        Assert.True(plan.Fits);
    }

    [Fact]
    public void The_first_limit_is_the_quota_that_is_met_first()
    {
        var plan = new Plan(s_tags, s_assumed, 12);
        Assert.Equal(("ec2:CreateTags", 10), plan.FirstLimit());
        Assert.Equal([1.2, 0.6], plan.Calls.Select(static call => call.Share!.Value));
        Assert.False(plan.Fits);
        Assert.True((plan with { EventsPerSecond = 10 }).Fits);
    }

    [Fact]
    public void Without_a_quota_environments_are_the_limit()
    {
        var (name, rate) = new Plan(s_command, s_assumed, 1).FirstLimit();
        Assert.Equal("environments", name);
        Assert.True(new Plan(s_command, s_assumed, rate * 0.999).Fits);
        Assert.False(new Plan(s_command, s_assumed, rate * 1.01).Fits);
    }

    [Fact]
    public void Synchronous_requests_are_limited_to_ten_a_second_and_environment()
    {
        var plan = new Plan(s_command with { IsSynchronous = true, Calls = [] }, s_assumed, 20_000);
        Assert.Equal(10_000, plan.FirstLimit().EventsPerSecond);
        Assert.False(plan.Fits);
        Assert.True(new Plan(s_command with { Calls = [] }, s_assumed, 20_000).Fits);
    }

    [Fact]
    public void An_invocation_that_times_out_does_not_fit()
    {
        var plan = new Plan(s_command, s_assumed with { TimeoutMs = 199 }, 1);
        Assert.False(plan.Fits);
        Assert.EndsWith(
            "does not fit: a warm invocation takes 200 ms, and the timeout is 199 ms",
            PlanReport.Markdown(plan, CostLine.Of(plan, 0), "e.json"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_a_batch_share_an_invocation()
    {
        var plan = new Plan(s_tags with { Items = 10 }, s_assumed, 20);
        Assert.Equal(2, plan.InvocationsPerSecond);
        Assert.Equal([2.0, 2], plan.Calls.Select(static call => call.PerSecond));
    }

    [Theory]
    [InlineData(0.0001, 0.9704)]
    [InlineData(0.01, 0.0498)]
    [InlineData(1, 0.01)]
    public void Rare_events_start_an_environment_each(double rate, double share) =>
        Assert.Equal(share, new Plan(s_tags, s_assumed, rate).ColdShare, 4);

    /// <summary>deploy.md has the costs of 1,000 and of a million such events a day.</summary>
    [Fact]
    public void The_page_has_the_costs_that_the_tool_says()
    {
        const int DaySeconds = 86_400, Alarms = 7;
        var few = CostLine.Of(new(s_command, s_assumed, 1_000.0 / DaySeconds), Alarms);
        var many = CostLine.Of(new(s_command, s_assumed, 1_000_000.0 / DaySeconds), Alarms);
        List<string> rows =
        [
            .. few.Zip(many, static (one, other) => $"| {one.Name} | {one.Price} | {one.Dollars:0.00} | {other.Dollars:0.00} |"),
            $"| **together** | | **{few.Sum(static line => line.Dollars):0.00}** | **{many.Sum(static line => line.Dollars):0.00}** |",
        ];
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "deploy.md"));
        Assert.Equal(rows, page.Where(rows.Contains));
    }

    [Fact]
    public void A_queue_and_a_table_are_paid_where_they_are_used()
    {
        var measured = s_command with
        {
            Items = 10,
            IsFromQueue = true,
            Calls = [new("dynamodb:PutItem", 10), new("dynamodb:UpdateItem", 10)],
        };
        var lines = CostLine.Of(new(measured, s_assumed, 1), 0).ToDictionary(static line => line.Name, static line => line.Dollars);
        // 2,592,000 events in 30 days, a tenth as many batches, and 648,000 polls: more than batches; two writes an event.
        Assert.Equal(((2.592 * 1.1) + 0.648) * 0.4, lines["queue"], 6);
        Assert.Equal(2.592 * 2 * 0.625, lines["act-once table"], 6);
    }
}
