using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The action run-command with custom documents, searches, and the state of agents.</summary>
public sealed class DocumentCommandTests
{
    private const string North = "i-0aaaaaaaaaaaaaaa1", South = "i-0aaaaaaaaaaaaaaa2";
    private const string Away = "i-0aaaaaaaaaaaaaaa3", Stopped = "i-0aaaaaaaaaaaaaaa4";

    private const string Valve = """
        {"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":"${event.detail.valve}"}}}
        """;

    private static readonly WorldFile s_world = new()
    {
        Instances =
        [
            Pump(North),
            Pump(South),
            Pump(Away) with { Agent = "offline" },
            Pump(Stopped) with { State = "stopped" },
        ],
        Documents = [new() { Name = "Plant-Valve", Parameters = ["valve"], Script = "echo 'valve {{ valve }}' >> valves.log" }],
        Tables = ["once"],
    };

    [Fact]
    public async Task A_custom_document_receives_its_parameters_and_all_options()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":"${event.detail.valve}"},
              "documentVersion":"3","documentHash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              "comment":"open ${route.name}","deliveryTimeoutSeconds":60,"maxConcurrency":"1","maxErrors":"10%",
              "outputS3BucketName":"plant-output","outputS3KeyPrefix":"valves/",
              "cloudWatchOutputConfig":{"cloudWatchLogGroupName":"/plant"},"serviceRoleArn":"arn:aws:iam::123456789012:role/notify",
              "notificationConfig":{"notificationArn":"arn:aws:sns:us-east-1:123456789012:plant",
                "notificationEvents":["Failed"],"notificationType":"Invocation"},
              "alarmConfiguration":{"alarms":["plant"],"ignorePollAlarmFailure":true}}}
            """);
        Assert.Equal("done", router.Act(Event("V-17")).Outcome);
        await router.Aws.World.SettleAsync();
        Assert.Equal(["valve V-17"], Lines(router, North));
        var sent = router.Aws.World.Calls.Single(call => call.Operation == "SendCommand").Parameters;
        Assert.Equal(("Plant-Valve", "3"), (Text(sent["DocumentName"]), Text(sent["DocumentVersion"])));
        Assert.Equal(("plant-output", "valves/"), (Text(sent["OutputS3BucketName"]), Text(sent["OutputS3KeyPrefix"])));
        Assert.Equal(
            """{"CloudWatchOutputEnabled":true,"CloudWatchLogGroupName":"/plant"}""",
            sent["CloudWatchOutputConfig"]!.ToJsonString());
        Assert.Equal(
            """{"NotificationArn":"arn:aws:sns:us-east-1:123456789012:plant",""" +
            "\"NotificationEvents\":[\"Failed\"],\"NotificationType\":\"Invocation\"}",
            sent["NotificationConfig"]!.ToJsonString());
        Assert.Equal(
            """{"IgnorePollAlarmFailure":true,"Alarms":[{"Name":"plant"}]}""",
            sent["AlarmConfiguration"]!.ToJsonString());
        Assert.StartsWith("open r ", Text(sent["Comment"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_sent_once_for_an_event_and_its_outcome_is_reported_again_C4_3()
    {
        await using var router = await StartAsync(Valve);
        var first = router.ActionOf(Event("V-17"));
        var second = router.ActionOf(Event("V-17"));
        var detail = second.GetProperty("detail").GetString();
        Assert.StartsWith("already done: accepted by Systems Manager as ", detail, StringComparison.Ordinal);
        Assert.True(second.GetProperty("doneBefore").GetBoolean());
        Assert.Equal(first.GetProperty("commandId").GetString(), second.GetProperty("commandId").GetString());
        await router.Aws.World.SettleAsync();
        Assert.Equal(["valve V-17"], Lines(router, South));
        Assert.Equal("done", router.Act(Event("V-18", id: "event-2")).Outcome);
        await router.Aws.World.SettleAsync();
        Assert.Equal(["valve V-17", "valve V-18"], Lines(router, South));
    }

    [Theory]
    [InlineData("{{ssm:/plant/key}}", "failed", "{{ in it")]
    [InlineData("V-17", "done", "accepted")]
    public async Task Text_that_Systems_Manager_would_replace_is_refused_C7_2(string valve, string outcome, string reason)
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve",
            "parameters":{"valve":["${event.detail.valve}"]},"once":false}}
            """);
        var (found, detail) = router.Act(Event(valve));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_over_60_KB_are_not_sent()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve",
            "parameters":{"valve":"${event.detail.valve}"},"once":false}}
            """);
        var detail = router.Act(Event(new string('x', 61 * 1024))).Detail;
        Assert.Contains("over 60 KB", detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }

    [Theory]
    [InlineData(
        "\"document\":\"AWS-RunShellScript\",\"parameters\":{\"commands\":\"x\"}",
        "'commands' and 'shell' take the place of AWS-RunShellScript")]
    [InlineData("\"document\":\"${event.detail.document}\"", "the name of a document")]
    [InlineData("\"document\":\"Plant-Valve\",\"commands\":[\"true\"]", "'commands' belongs to shell text")]
    [InlineData("\"document\":\"AWS-RunRemoteScript\",\"parameters\":{\"commandLine\":\"${event.detail.x}\"}", "may not go here")]
    [InlineData("\"commands\":[\"true\"],\"parameters\":{\"a\":\"b\"}", "'parameters' are those of a 'document'")]
    [InlineData("\"commands\":[\"true\"],\"offline\":\"retry\"", "instances that are known one by one")]
    [InlineData("\"commands\":[\"true\"],\"outputS3KeyPrefix\":\"x\"", "stands beside 'outputS3BucketName'")]
    [InlineData("\"commands\":[\"true\"],\"serviceRoleArn\":\"arn:aws:iam::123456789012:role/x\"", "go together")]
    [InlineData(
        """
        "commands":["true"],"notificationConfig":{"notificationArn":"arn:x","notificationEvents":["Never"]},"serviceRoleArn":"arn:x"
        """,
        "a list of All")]
    [InlineData("\"commands\":[\"true\"],\"alarmConfiguration\":{\"alarms\":[]}", "one CloudWatch alarm")]
    [InlineData("\"commands\":[\"true\"],\"documentHash\":\"abc\"", "64 hexadecimal digits")]
    public void Settings_that_contradict_each_other_are_an_error_C1_1(string settings, string problem)
    {
        var routes = RouterFixture.Route("{\"run-command\":{\"targets\":{\"tag:Role\":[\"pump\"]}," + settings + "}}");
        Assert.Null(RoutesText.Read(routes, out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_reads_every_page_of_running_instances_and_finds_at_most_max()
    {
        var many = Enumerable.Range(0, 12).Select(i => Pump($"i-{i:x17}")).ToArray();
        var world = new WorldFile { Instances = [.. many, Pump(Stopped) with { State = "stopped" }] };
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Resolve(12)), world);
        router.Aws.World.PageSize = 5;
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        Assert.Equal(3, router.Aws.Operations.Count(operation => operation == "DescribeInstances"));
        Assert.Equal(12, router.Aws.World.Commands.Values.Single().Invocations.Count);

        await using var guarded = await RouterFixture.StartAsync(RouterFixture.Route(Resolve(11)), new WorldFile { Instances = many });
        var (outcome, detail) = guarded.Act(RouterFixture.Event("{}"));
        Assert.Equal("failed", outcome);
        Assert.Contains("12 running instances fit the filters, and 'max' is 11", detail, StringComparison.Ordinal);
        Assert.Empty(guarded.Aws.World.Commands);

        await using var empty = await RouterFixture.StartAsync(RouterFixture.Route(Resolve(5)), new WorldFile());
        Assert.Equal("retry", empty.Act(RouterFixture.Event("{}")).Outcome);

        static string Resolve(int max) => $$$"""
            {"run-command":{"targets":{"resolve":{"filters":{"tag:Role":["pump"]},"max":{{{max}}}}},"commands":["true"]}}
            """;
    }

    [Theory]
    [InlineData("retry", "retry", "no agent is online on i-0aaaaaaaaaaaaaaa3")]
    [InlineData("fail", "failed", "no agent is online on i-0aaaaaaaaaaaaaaa3")]
    [InlineData("skip", "done", "(1 instance); no agent is online on i-0aaaaaaaaaaaaaaa3, left out")]
    public async Task With_offline_the_state_of_the_agents_decides_before_a_command_is_sent(string offline, string outcome, string reason)
    {
        await using var router = await StartAsync($$$"""
            {"run-command":{"targets":{"instanceIds":["${event.detail.ids[*]}"]},"commands":["true"],"offline":"{{{offline}}}"}}
            """);
        var (found, detail) = router.Act(RouterFixture.Event($$"""{"ids":["{{North}}","{{Away}}"]}"""));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        var none = router.Act(RouterFixture.Event($$"""{"ids":["{{Away}}"]}"""));
        Assert.Equal(offline == "skip" ? "skipped" : outcome, none.Outcome);
    }

    [Fact]
    public async Task A_later_delivery_reaches_an_agent_that_comes_online_C5_6()
    {
        const string Action =
            """{"run-command":{"targets":{"instanceIds":["${event.detail.id}"]},"commands":["true"],"offline":"retry"}}""";
        await using var router = await RouterFixture.StartAsync(
            RouterFixture.Route(Action),
            Pump(North) with { AgentAfterMs = 60_000 });
        var @event = RouterFixture.Event($$"""{"id":"{{North}}"}""");
        Assert.Equal("retry", router.Act(@event).Outcome);
        router.Aws.World.ClockOffset = TimeSpan.FromSeconds(61);
        Assert.Equal("done", router.Act(@event).Outcome);
    }

    [Fact]
    public async Task A_delivery_that_died_after_sending_is_taken_over_and_nothing_is_sent_again_C4_3()
    {
        var clock = new TestClock();
        var aws = await AwsFixture.StartAsync(s_world, clock, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws, RouterFixture.Route(Valve));
        // The answer is lost and the command cannot be found, as when the function is killed just after sending.
        aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.AcceptedThenReset });
        aws.World.Add(new Fault { Operation = "ListCommands", Kind = FaultKind.Error, Code = "AccessDeniedException", Times = 9 });
        Assert.Equal("retry", router.Act(Event("V-17")).Outcome);
        aws.World.ForgetFaults();
        var (outcome, detail) = router.Act(Event("V-17"));
        Assert.Equal("retry", outcome);
        Assert.Contains("another delivery of the same event is at work on it", detail, StringComparison.Ordinal);
        clock.WallOffsetMs = 60_000;
        aws.World.ClockOffset = TimeSpan.FromSeconds(60);
        Assert.Equal("done", router.Act(Event("V-17"), seconds: 90).Outcome);
        await aws.World.SettleAsync();
        Assert.Equal(1, aws.Operations.Count(operation => operation == "SendCommand"));
        Assert.Equal(["valve V-17"], Lines(router, North));
    }

    /// <summary>Else a refused look-up would be the recorded outcome for 15 days, although the command may never have been sent.</summary>
    [Fact]
    public async Task A_delivery_that_takes_over_and_may_not_look_for_the_command_leaves_that_to_the_next_one_C4_3()
    {
        var clock = new TestClock();
        var aws = await AwsFixture.StartAsync(s_world, clock, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws, RouterFixture.Route(Valve));
        aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.Reset });
        aws.World.Add(new Fault { Operation = "ListCommands", Kind = FaultKind.Error, Code = "AccessDeniedException", Times = 9 });
        Assert.Equal("retry", router.Act(Event("V-17")).Outcome);
        foreach (var (seconds, expected) in (ReadOnlySpan<(int, string)>)[(60, "retry"), (120, "done")])
        {
            clock.WallOffsetMs = seconds * 1000;
            aws.World.ClockOffset = TimeSpan.FromSeconds(seconds);
            var (outcome, detail) = router.Act(Event("V-17"), seconds: seconds + 30);
            Assert.True(outcome == expected, detail);
            aws.World.ForgetFaults();
        }

        await aws.World.SettleAsync();
        Assert.Equal(["valve V-17"], Lines(router, North));
    }

    [Fact]
    public async Task A_delivery_that_takes_over_finds_the_command_although_more_servers_run_by_then_C4_3()
    {
        var clock = new TestClock();
        var aws = await AwsFixture.StartAsync(s_world, clock, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws, RouterFixture.Route("""
            {"run-command":{"targets":{"resolve":{"filters":{"tag:Role":["pump"]}}},"offline":"skip",
            "document":"Plant-Valve","parameters":{"valve":"V-17"}}}
            """));
        aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.AcceptedThenReset });
        aws.World.Add(new Fault { Operation = "ListCommands", Kind = FaultKind.Error, Code = "AccessDeniedException", Times = 9 });
        Assert.Equal("retry", router.Act(Event("V-17")).Outcome);
        aws.World.ForgetFaults();
        aws.World.Add(Pump("i-0aaaaaaaaaaaaaaa5"));
        clock.WallOffsetMs = 60_000;
        aws.World.ClockOffset = TimeSpan.FromSeconds(60);
        Assert.Equal("done", router.Act(Event("V-17"), seconds: 90).Outcome);
        Assert.Equal(1, aws.Operations.Count(operation => operation == "SendCommand"));
    }

    private static WorldInstance Pump(string id) => new() { Id = id, Tags = new Dictionary<string, string> { ["Role"] = "pump" } };

    private static string Event(string valve, string id = "event-1") =>
        RouterFixture.Event($$"""{"valve":{{JsonSerializer.Serialize(valve, WorldJson.Default.String)}}}""", id);

    private static string[] Lines(RouterFixture router, string id) =>
        File.ReadAllLines(Path.Combine(router.Aws.World.Instances[id].Directory, "valves.log"));

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static Task<RouterFixture> StartAsync(string action) =>
        RouterFixture.StartAsync(RouterFixture.Route(action), s_world, ("FASTTRIGGER_ONCE_TABLE", "once"));
}
