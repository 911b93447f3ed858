using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>start-instances, stop-instances, reboot-instances and terminate-instances (C3.8).</summary>
public sealed class InstanceActionTests
{
    private static string Stop => Action("stop");

    [Fact]
    public async Task Instances_are_stopped_and_started_and_a_second_delivery_finds_nothing_to_do()
    {
        await using var stop = await StartAsync(Stop, Instance(1), Instance(2), Instance(3, "stopped"), Instance(4, tags: []));
        var (outcome, detail) = Act(stop, Event());
        Assert.Equal(("done", $"stopping: {Id(1)}, {Id(2)}; already stopped: {Id(3)}"), (outcome, detail));
        Assert.Equal(["stopped", "stopped", "stopped", "running"], States(stop));
        Assert.Equal(("skipped", $"already stopped: {Id(1)}, {Id(2)}, {Id(3)}"), Act(stop, Event()));
        Assert.Equal(1, stop.Aws.Operations.Count(static name => name == "StopInstances"));
        await using var start = RouterFixture.Over(stop.Aws.Another(), RouterFixture.Route(Action("start")));
        Assert.Equal(("done", $"starting: {Id(1)}, {Id(2)}, {Id(3)}"), Act(start, Event()));
        Assert.All(States(stop), static state => Assert.Equal("running", state));
    }

    [Theory]
    [InlineData("start", "stopped", "done", "starting: ID")]
    [InlineData("start", "pending", "done", "already starting: ID")]
    [InlineData("start", "running", "skipped", "already started: ID")]
    [InlineData("start", "stopping", "retry", "ID is stopping")]
    [InlineData("start", "shutting-down", "failed", "ID is shutting-down")]
    [InlineData("start", "terminated", "failed", "ID is terminated")]
    [InlineData("stop", "running", "done", "stopping: ID")]
    [InlineData("stop", "stopping", "done", "already stopping: ID")]
    [InlineData("stop", "stopped", "skipped", "already stopped: ID")]
    [InlineData("stop", "pending", "retry", "ID is pending")]
    [InlineData("stop", "terminated", "failed", "ID is terminated")]
    [InlineData("reboot", "running", "done", "rebooting: ID")]
    [InlineData("reboot", "pending", "retry", "ID is pending")]
    [InlineData("reboot", "stopped", "failed", "ID is stopped")]
    [InlineData("terminate", "pending", "done", "terminating: ID")]
    [InlineData("terminate", "stopped", "done", "terminating: ID")]
    [InlineData("terminate", "shutting-down", "done", "already terminating: ID")]
    [InlineData("terminate", "terminated", "skipped", "already terminated: ID")]
    public async Task The_state_of_an_instance_of_the_event_decides_C3_8(string verb, string state, string outcome, string detail)
    {
        await using var router = await StartAsync(OfEvent(verb), Instance(1, state));
        Assert.Equal((outcome, detail.Replace("ID", Id(1), StringComparison.Ordinal)), Act(router, Event()));
        // What is searched is only narrowed.
        await using var search = await StartAsync(Action(verb, "\"once\":false"), Instance(1, state));
        var found = Act(search, Event());
        Assert.Equal(outcome == "failed" ? "skipped" : outcome, found.Outcome);
    }

    [Fact]
    public async Task An_ARN_stands_for_its_instance_and_one_of_another_region_is_refused()
    {
        await using var router = await StartAsync(OfEvent("stop"), Instance(1));
        Assert.Equal("done", Act(router, Event(id: $"arn:aws:ec2:us-east-1:123456789012:instance/{Id(1)}")).Outcome);
        var (outcome, detail) = Act(router, Event(id: $"arn:aws:ec2:eu-west-1:123456789012:instance/{Id(1)}"));
        Assert.Equal("failed", outcome);
        Assert.Contains("is in another region than us-east-1", detail, StringComparison.Ordinal);
        Assert.Equal("failed", Act(router, Event(id: "arn:aws:s3:::bucket")).Outcome);
    }

    /// <param name="minutes">From now; null for a value that is as it is.</param>
    [Theory]
    [InlineData("Protected", "yes", null, true)]
    [InlineData("protected", "yes", null, false)]
    [InlineData("Protected", "no", null, false)]
    [InlineData("keep-until", "next week", null, true)]
    [InlineData("keep-until", "yyyy-MM-dd", 24 * 60, true)]
    [InlineData("keep-until", "yyyy-MM-dd", 1, true)]
    [InlineData("keep-until", "yyyy-MM-dd", -24 * 60, false)]
    [InlineData("keep-until", "yyyy-MM-dd'T'HH:mm:ss'Z'", 10, true)]
    [InlineData("keep-until", "yyyy-MM-dd'T'HH:mm:ss'Z'", -10, false)]
    public async Task An_instance_that_a_tag_protects_is_left_alone_C3_8(string key, string form, int? minutes, bool isLeft)
    {
        var value = minutes is { } ahead ? DateTime.UtcNow.AddMinutes(ahead).ToString(form, CultureInfo.InvariantCulture) : form;
        await using var router = await StartAsync(
            Action("stop", """ "skip":{"Protected":["y*"]},"skipUntil":"keep-until" """),
            Instance(1),
            Instance(2, tags: [("Schedule", "office"), (key, value)]));
        var why = $"({key}={value}{(value == "next week" ? " is neither a day nor a time in UTC" : "")})";
        var expected = isLeft ? $"stopping: {Id(1)}; left alone: {Id(2)} {why}" : $"stopping: {Id(1)}, {Id(2)}";
        Assert.Equal(("done", expected), Act(router, Event()));
        Assert.Equal(isLeft ? "running" : "stopped", States(router)[1]);
    }

    [Fact]
    public async Task More_instances_than_max_are_all_left_as_they_are()
    {
        await using var router = await StartAsync(
            Action("stop", "\"max\":2"), Instance(1), Instance(2), Instance(3));
        Assert.Equal(("failed", "3 instances would be stopped, and 'max' is 2"), Act(router, Event()));
        Assert.All(States(router), static state => Assert.Equal("running", state));
    }

    [Fact]
    public async Task One_that_EC2_refuses_does_not_keep_the_others_running()
    {
        await using var router = await StartAsync(Stop, Instance(1), Instance(2) with { Protected = "stop" }, Instance(3));
        var (outcome, detail) = Act(router, Event());
        Assert.Equal("failed", outcome);
        Assert.StartsWith($"StopInstances: OperationNotPermitted: The instance '{Id(2)}'", detail, StringComparison.Ordinal);
        Assert.EndsWith($"; stopping: {Id(1)}, {Id(3)}", detail, StringComparison.Ordinal);
        Assert.Equal(["stopped", "running", "stopped"], States(router));
    }

    [Fact]
    public async Task A_reboot_is_made_once_for_an_event_C4_1()
    {
        await using var aws = await AwsFixture.StartAsync(
            new WorldFile { Instances = [Instance(1)], Tables = ["once"] }, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws.Another(), RouterFixture.Route(Action("reboot", "\"once\":true")));
        Assert.Equal("done", Act(router, Event()).Outcome);
        Assert.Equal(("done", $"already done: rebooting: {Id(1)}"), Act(router, Event()));
        Assert.Equal(1, aws.World.Instances[Id(1)].Reboots);
        // A lost answer: it may have rebooted, so it is not done again.
        aws.World.Add(new Fault { Operation = "RebootInstances", Kind = FaultKind.AcceptedThenReset });
        var (outcome, detail) = Act(router, Event("event-2"));
        Assert.Equal("failed", outcome);
        Assert.EndsWith($"; it may have rebooted {Id(1)}", detail, StringComparison.Ordinal);
        Assert.Equal("failed", Act(router, Event("event-2")).Outcome);
        Assert.Equal(2, aws.World.Instances[Id(1)].Reboots);
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("pending")]
    public async Task A_reboot_that_reached_some_is_not_made_again_for_the_others(string other)
    {
        await using var aws = await AwsFixture.StartAsync(
            new WorldFile { Instances = [Instance(1), Instance(2, other)], Tables = ["once"] }, ("FASTTRIGGER_ONCE_TABLE", "once"));
        var named = OfEvent("reboot").Replace("false", "true", StringComparison.Ordinal).Replace("id}", "id[*]}", StringComparison.Ordinal);
        await using var router = RouterFixture.Over(aws.Another(), RouterFixture.Route(named));
        var both = RouterFixture.Event($$"""{"id":["{{Id(1)}}","{{Id(2)}}"]}""");
        Assert.Equal("failed", Act(router, both).Outcome);
        Assert.Equal("failed", Act(router, both).Outcome);
        Assert.Equal(1, aws.World.Instances[Id(1)].Reboots);
    }

    [Theory]
    [InlineData("fail", "failed", 0)]
    [InlineData("rerun", "done", 1)]
    public async Task After_a_delivery_that_was_cut_off_it_fails_unless_it_may_be_made_again_C4_3(
        string interrupted, string outcome, int reboots)
    {
        await using var aws = await AwsFixture.StartAsync(
            new WorldFile { Instances = [Instance(1)], Tables = ["once"] }, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(
            aws.Another(), RouterFixture.Route(Action("reboot", $$$"""
                "once":{"interrupted":"{{{interrupted}}}"}
                """)));
        // A holder that died before it called EC2: its lock has run out.
        aws.World.Add(new Fault { Operation = "RebootInstances", Kind = FaultKind.ServerError, Times = 99 });
        aws.World.Add(new Fault { Operation = "DeleteItem", Kind = FaultKind.ServerError, Times = 99 });
        Act(router, Event());
        aws.World.ForgetFaults();
        var item = Assert.Single(aws.World.Tables["once"]).Value;
        item["status"] = new JsonObject { ["S"] = "INPROGRESS" };
        item["in_progress_expiration"] = new JsonObject { ["N"] = "1" };
        Assert.Equal(outcome, Act(router, Event()).Outcome);
        Assert.Equal(reboots, aws.World.Instances[Id(1)].Reboots);
    }

    [Fact]
    public async Task With_wait_the_state_counts_and_the_next_delivery_waits_for_the_same_instances()
    {
        await using var router = await StartAsync(
            Action("stop", """ "wait":{"timeout":"1s"} """),
            Instance(1) with { StateChangeMs = 60_000 });
        var (outcome, detail) = Act(router, Event());
        Assert.Equal(("retry", $"not stopped within the time for it: {Id(1)}; stopping: {Id(1)}"), (outcome, detail));
        router.Aws.World.ClockOffset = TimeSpan.FromSeconds(61);
        Assert.Equal("skipped", Act(router, Event()).Outcome);
        Assert.Equal(1, router.Aws.Operations.Count(static name => name == "StopInstances"));
    }

    [Theory]
    [InlineData("\"hibernate\":true", "Hibernate")]
    [InlineData("\"force\":true", "Force")]
    public async Task The_options_of_a_stop_reach_EC2(string setting, string parameter)
    {
        await using var router = await StartAsync(
            Action("stop", setting), Instance(1) with { Hibernation = true });
        Assert.Equal("done", Act(router, Event()).Outcome);
        var call = router.Aws.World.Calls.Single(static call => call.Operation == "StopInstances");
        Assert.Equal("true", call.Parameters[parameter]!.ToString());
    }

    [Fact]
    public async Task A_dry_run_says_what_it_would_do_and_does_nothing_C1_4()
    {
        await using var aws = await AwsFixture.StartAsync(
            new WorldFile { Instances = [Instance(1)] }, ("FASTTRIGGER_DRY_RUN", "true"));
        await using var router = RouterFixture.Over(aws.Another(), RouterFixture.Route(Stop));
        Assert.Equal(("skipped", $"dry run: would stop {Id(1)}"), Act(router, Event()));
        Assert.Equal("running", States(router)[0]);
    }

    [Fact]
    public async Task An_instance_without_an_allowed_tag_is_refused_or_not_found_C6_2()
    {
        WorldInstance[] instances = [Instance(1), Instance(2, tags: [("Role", "pump")])];
        await using var aws = await AwsFixture.StartAsync(new WorldFile { Instances = instances });
        await using var named = RouterFixture.Over(aws.Another(), Allowing(OfEvent("stop")));
        Assert.Equal(("failed", $"allow.instanceTags: {Id(1)} has none of these tags"), Act(named, Event()));
        await using var search = RouterFixture.Over(
            aws.Another(), Allowing("""{"stop-instances":{"targets":{"resolve":{"filters":{"vpc-id":["vpc-*"]}}}}}"""));
        Assert.Equal(("done", $"stopping: {Id(2)}"), Act(search, Event()));
        Assert.Equal(["running", "stopped"], States(search));
    }

    [Fact]
    public async Task An_unknown_instance_is_a_retry_while_its_event_is_new()
    {
        await using var router = await StartAsync(OfEvent("stop"), Instance(2));
        Assert.Equal(("retry", $"DescribeInstances: EC2 does not know {Id(1)}"), Act(router, Event()));
        var old = Regex.Replace(Event(), "\"time\":\"[^\"]+", "\"time\":\"2026-01-01T00:00:00Z");
        Assert.Equal("failed", Act(router, old).Outcome);
    }

    [Theory]
    [InlineData("""{"terminate-instances":{"targets":{"tag:A":["b"]}}}""", "needs \"terminate\": true in 'allow'")]
    [InlineData("""{"stop-instances":{"targets":{"tag:A":["b"]},"hibernate":true,"force":true}}""", "one of both")]
    [InlineData("""{"start-instances":{"targets":{"tag:A":["b"]},"force":true}}""", "'force' is not a key of start-instances")]
    [InlineData("""{"reboot-instances":{"targets":{"tag:A":["b"]},"wait":true}}""", "'wait' is not a key of reboot-instances")]
    [InlineData("""{"stop-instances":{"targets":{"tag:A":["${event.detail.id}"]}}}""", "may not go here")]
    [InlineData("""{"stop-instances":{"targets":{"tag:A":["b"],"instanceIds":["i-0aaaaaaaaaaaaaaa1"]}}}""", "only one of them")]
    [InlineData("""{"stop-instances":{"targets":{"resource-groups:Name":["g"]}}}""", "is no target of this action")]
    [InlineData("""{"stop-instances":{"targets":{"resolve":{"filters":{"instance-state-name":["running"]}}}}}""", "looks at the states")]
    [InlineData("""{"stop-instances":{"targets":{"instanceIds":["mi-0aaaaaaaaaaaaaaa1"]}}}""", "takes the id of an instance")]
    public void A_mistake_is_told_with_what_would_be_right_C1_1(string action, string problem)
    {
        Assert.Null(RoutesText.Read(RouterFixture.Route(action), out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    /// <summary>The outcome, and the action's own detail.</summary>
    private static (string Outcome, string Detail) Act(RouterFixture router, string payload)
    {
        var (outcome, detail) = router.Act(payload);
        return (outcome, Regex.Replace(detail, "^route 'r', action '[a-z-]+': ", ""));
    }

    private static string Action(string verb, string settings = "\"once\":false") =>
        $$$"""{"{{{verb}}}-instances":{"targets":{"tag:Schedule":["office"]},{{{settings}}} }}""";

    private static string OfEvent(string verb) =>
        $$$"""{"{{{verb}}}-instances":{"targets":{"instanceIds":["${event.detail.id}"]},"once":false}}""";

    private static string Allowing(string action) =>
        $$$"""{"allow":{"instanceTags":{"Role":["pump"]}},"routes":[{"name":"r","when":{"source":["test"]},"do":[{{{action}}}]}]}""";

    private static string Event(string eventId = "event-1", string? id = null) =>
        RouterFixture.Event($$"""{"id":"{{id ?? Id(1)}}"}""", eventId);

    private static string Id(int number) => $"i-0aaaaaaaaaaaaaaa{number}";

    private static WorldInstance Instance(int number, string state = "running", (string Key, string Value)[]? tags = null) => new()
    {
        Id = Id(number),
        State = state,
        Tags = (tags ?? [("Schedule", "office")]).ToDictionary(static tag => tag.Key, static tag => tag.Value),
    };

    private static List<string> States(RouterFixture router)
    {
        var world = router.Aws.World;
        return [.. world.Instances.Values.OrderBy(static one => one.Id).Select(instance => instance.State(world.Now))];
    }

    /// <summary>Routes that may terminate.</summary>
    private static Task<RouterFixture> StartAsync(string action, params WorldInstance[] instances) => RouterFixture.StartAsync(
        $$"""{"allow":{"terminate":true},"routes":[{"name":"r","when":{"source":["test"]},"do":[{{action}}]}]}""",
        new WorldFile { Instances = instances });
}
