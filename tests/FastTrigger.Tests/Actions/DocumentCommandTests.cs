using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>run-command with documents, searches, agents that are looked at, and results that are waited for.</summary>
public sealed class DocumentCommandTests
{
    private const string North = "i-0aaaaaaaaaaaaaaa1", South = "i-0aaaaaaaaaaaaaaa2", Away = "i-0aaaaaaaaaaaaaaa3", Stopped = "i-0aaaaaaaaaaaaaaa4";

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
    public async Task A_document_of_ones_own_gets_its_parameters_and_all_options()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":"${event.detail.valve}"},"documentVersion":"3",
              "documentHash":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","comment":"open ${route.name}",
              "deliveryTimeoutSeconds":60,"maxConcurrency":"1","maxErrors":"10%","outputS3BucketName":"plant-output","outputS3KeyPrefix":"valves/",
              "cloudWatchOutputConfig":{"cloudWatchLogGroupName":"/plant"},"serviceRoleArn":"arn:aws:iam::123456789012:role/notify",
              "notificationConfig":{"notificationArn":"arn:aws:sns:us-east-1:123456789012:plant","notificationEvents":["Failed"],"notificationType":"Invocation"},
              "alarmConfiguration":{"alarms":["plant"],"ignorePollAlarmFailure":true}}}
            """);
        Assert.Equal("done", router.Act(Event("V-17")).Outcome);
        await router.Aws.World.SettleAsync();
        Assert.Equal(["valve V-17"], Lines(router, North));
        var sent = router.Aws.World.Calls.Single(call => call.Operation == "SendCommand").Parameters;
        Assert.Equal(("Plant-Valve", "3", "plant-output", "valves/"), (Text(sent["DocumentName"]), Text(sent["DocumentVersion"]), Text(sent["OutputS3BucketName"]), Text(sent["OutputS3KeyPrefix"])));
        Assert.Equal("""{"CloudWatchOutputEnabled":true,"CloudWatchLogGroupName":"/plant"}""", sent["CloudWatchOutputConfig"]!.ToJsonString());
        Assert.Equal("""{"NotificationArn":"arn:aws:sns:us-east-1:123456789012:plant","NotificationEvents":["Failed"],"NotificationType":"Invocation"}""", sent["NotificationConfig"]!.ToJsonString());
        Assert.Equal("""{"IgnorePollAlarmFailure":true,"Alarms":[{"Name":"plant"}]}""", sent["AlarmConfiguration"]!.ToJsonString());
        Assert.StartsWith("open r ", Text(sent["Comment"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_is_sent_once_for_an_event_and_the_outcome_is_told_again_C4_3()
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":"${event.detail.valve}"}}}""");
        var first = router.ActionOf(Event("V-17"));
        var second = router.ActionOf(Event("V-17"));
        Assert.StartsWith("already done: accepted by Systems Manager as ", second.GetProperty("detail").GetString(), StringComparison.Ordinal);
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
    public async Task Systems_Manager_is_given_nothing_to_replace_C7_2(string valve, string outcome, string reason)
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":["${event.detail.valve}"]},"once":false}}""");
        var (found, detail) = router.Act(Event(valve));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_over_60_KB_are_not_sent()
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":"${event.detail.valve}"},"once":false}}""");
        Assert.Contains("over 60 KB", router.Act(Event(new string('x', 61 * 1024))).Detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }

    [Theory]
    [InlineData("\"document\":\"AWS-RunShellScript\",\"parameters\":{\"commands\":\"x\"}", "'commands' and 'shell' take the place of AWS-RunShellScript")]
    [InlineData("\"document\":\"${event.detail.document}\"", "the name of a document")]
    [InlineData("\"document\":\"Plant-Valve\",\"commands\":[\"true\"]", "'commands' belongs to shell text")]
    [InlineData("\"document\":\"AWS-RunRemoteScript\",\"parameters\":{\"commandLine\":\"${event.detail.x}\"}", "may not go here")]
    [InlineData("\"commands\":[\"true\"],\"parameters\":{\"a\":\"b\"}", "'parameters' are those of a 'document'")]
    [InlineData("\"commands\":[\"true\"],\"offline\":\"retry\"", "instances that are known one by one")]
    [InlineData("\"commands\":[\"true\"],\"outputS3KeyPrefix\":\"x\"", "stands beside 'outputS3BucketName'")]
    [InlineData("\"commands\":[\"true\"],\"serviceRoleArn\":\"arn:aws:iam::123456789012:role/x\"", "go together")]
    [InlineData("\"commands\":[\"true\"],\"notificationConfig\":{\"notificationArn\":\"arn:x\",\"notificationEvents\":[\"Never\"]},\"serviceRoleArn\":\"arn:x\"", "a list of All")]
    [InlineData("\"commands\":[\"true\"],\"alarmConfiguration\":{\"alarms\":[]}", "one CloudWatch alarm")]
    [InlineData("\"commands\":[\"true\"],\"documentHash\":\"abc\"", "64 hexadecimal digits")]
    public void What_does_not_fit_together_is_a_mistake_C1_1(string settings, string problem)
    {
        Assert.Null(RoutesText.Read(RouterFixture.Route("{\"run-command\":{\"targets\":{\"tag:Role\":[\"pump\"]}," + settings + "}}"), out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_instances_are_searched_for_page_by_page_and_not_more_than_max()
    {
        var many = Enumerable.Range(0, 12).Select(i => Pump($"i-{i:x17}")).ToArray();
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Resolve(12)), new WorldFile { Instances = [.. many, Pump(Stopped) with { State = "stopped" }] });
        router.Aws.World.PageSize = 5;
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        Assert.Equal(3, router.Aws.Operations.Count(operation => operation == "DescribeInstances"));
        Assert.Equal(12, router.Aws.World.Commands.Values.Single().Invocations.Count);

        await using var guarded = await RouterFixture.StartAsync(RouterFixture.Route(Resolve(11)), new WorldFile { Instances = many });
        var (outcome, detail) = guarded.Act(RouterFixture.Event("{}"));
        Assert.Equal(("failed", true), (outcome, detail.Contains("12 running instances fit the filters, and 'max' is 11", StringComparison.Ordinal)));
        Assert.Empty(guarded.Aws.World.Commands);

        await using var nobody = await RouterFixture.StartAsync(RouterFixture.Route(Resolve(5)), new WorldFile());
        Assert.Equal("retry", nobody.Act(RouterFixture.Event("{}")).Outcome);

        static string Resolve(int max) => $$$"""{"run-command":{"targets":{"resolve":{"filters":{"tag:Role":["pump"]},"max":{{{max}}}}},"commands":["true"]}}""";
    }

    [Theory]
    [InlineData("retry", "retry", "no agent is online on i-0aaaaaaaaaaaaaaa3")]
    [InlineData("fail", "failed", "no agent is online on i-0aaaaaaaaaaaaaaa3")]
    [InlineData("skip", "done", "(1 instance); no agent is online on i-0aaaaaaaaaaaaaaa3, left out")]
    public async Task Agents_are_looked_at_before_when_offline_says_what_then(string offline, string outcome, string reason)
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"instanceIds":["${event.detail.ids[*]}"]},"commands":["true"],"offline":""" + $"\"{offline}\"}}}}");
        var (found, detail) = router.Act(RouterFixture.Event($$"""{"ids":["{{North}}","{{Away}}"]}"""));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.Equal(offline == "skip" ? "skipped" : outcome, router.Act(RouterFixture.Event($$"""{"ids":["{{Away}}"]}""")).Outcome);
    }

    [Fact]
    public async Task An_agent_that_comes_online_after_a_while_is_reached_by_a_later_delivery_C5_6()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"run-command":{"targets":{"instanceIds":["${event.detail.id}"]},"commands":["true"],"offline":"retry"}}"""), Pump(North) with { AgentAfterMs = 60_000 });
        var @event = RouterFixture.Event($$"""{"id":"{{North}}"}""");
        Assert.Equal("retry", router.Act(@event).Outcome);
        router.Aws.World.ClockOffset = TimeSpan.FromSeconds(61);
        Assert.Equal("done", router.Act(@event).Outcome);
    }

    [Fact]
    public async Task Results_are_waited_for_and_told_for_each_server_C3_6()
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["echo \"$V and a long story\""],"environment":{"V":"${event.detail.valve}"},"wait":{"output":8}}}""");
        router.Aws.World.ShownAfterMs = 300;
        var action = router.ActionOf(Event("V-17"));
        Assert.Contains("; 2 servers succeeded", action.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var instances = action.GetProperty("instances").EnumerateArray().ToList();
        Assert.Equal([(North, "Success", 0, "V-17 and"), (South, "Success", 0, "V-17 and")], instances.Select(instance => (instance.GetProperty("instanceId").GetString()!, instance.GetProperty("status").GetString()!, instance.GetProperty("exitCode").GetInt32(), instance.GetProperty("output").GetString()!)));
        var again = router.ActionOf(Event("V-17"));
        Assert.True(again.GetProperty("doneBefore").GetBoolean());
        Assert.Contains("2 of them by an earlier delivery", again.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo broken; exit 3", "", "failed", "i-0aaaaaaaaaaaaaaa1 (Failed, exit code 3)")]
    [InlineData("sleep 30", "\"executionTimeoutSeconds\":1,", "failed", "i-0aaaaaaaaaaaaaaa1 (ExecutionTimedOut)")]
    [InlineData("kill -9 $PPID; sleep 5", "\"once\":true,", "failed", "i-0aaaaaaaaaaaaaaa1 (Failed, exit code 137)")]
    public async Task A_command_that_ends_badly_is_a_failed_action_C3_6(string command, string settings, string outcome, string reason)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route($$$"""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["{{{command}}}"],{{{settings}}}"wait":true}}"""), Pump(North));
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        if (command.StartsWith("echo", StringComparison.Ordinal))
        {
            var told = router.Logs.Single(record => record.GetProperty("message").GetString() == "instance");
            Assert.Equal((North, 3, "broken\n"), (told.GetProperty("instanceId").GetString()!, told.GetProperty("exitCode").GetInt32(), told.GetProperty("output").GetString()!));
        }

        if (command.StartsWith("kill", StringComparison.Ordinal))
        {
            Assert.Contains("exit code 76: an earlier run was interrupted", router.Act(RouterFixture.Event("{}")).Detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("undeliverable", "Undeliverable")]
    [InlineData("timed-out", "DeliveryTimedOut")]
    public async Task A_command_that_reached_no_server_is_a_retry_C3_6(string delivery, string status)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"wait":true}}"""), Pump(North) with { Delivery = delivery });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("retry", outcome);
        Assert.Contains($"not reached: {North} ({status})", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "retry", false)]
    [InlineData("false", "failed", true)]
    public async Task What_has_not_ended_in_time_is_a_retry_where_it_acts_once_C3_6(string once, string outcome, bool mayHaveRun)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["sleep 20"],"wait":{"timeout":"1s","cancel":true},"once":""" + once + "}}"), Pump(North));
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains("was cancelled where it was pending", detail, StringComparison.Ordinal);
        Assert.Equal(mayHaveRun, detail.Contains("It may have run", StringComparison.Ordinal));
        await router.Aws.World.SettleAsync();
        Assert.Equal("Cancelled", router.Aws.World.Commands.Values.Single().Invocations[0].Status);
    }

    [Fact]
    public async Task A_delivery_that_died_after_sending_is_taken_over_and_nothing_is_sent_again_C4_3()
    {
        var clock = new TestClock();
        var aws = await AwsFixture.StartAsync(s_world, clock, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws, RouterFixture.Route("""{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve","parameters":{"valve":"${event.detail.valve}"}}}"""));
        // Its answer and every look for it are lost, as when the function is killed just after sending.
        aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.AcceptedThenReset });
        aws.World.Add(new Fault { Operation = "ListCommands", Kind = FaultKind.Error, Code = "AccessDeniedException", Times = 9 });
        Assert.Equal("retry", router.Act(Event("V-17")).Outcome);
        aws.World.ForgetFaults();
        var (outcome, detail) = router.Act(Event("V-17"));
        Assert.Equal(("retry", true), (outcome, detail.Contains("another delivery of the same event is at work on it", StringComparison.Ordinal)));
        clock.WallOffsetMs = 60_000;
        aws.World.ClockOffset = TimeSpan.FromSeconds(60);
        Assert.Equal("done", router.Act(Event("V-17"), seconds: 90).Outcome);
        await aws.World.SettleAsync();
        Assert.Equal(1, aws.Operations.Count(operation => operation == "SendCommand"));
        Assert.Equal(["valve V-17"], Lines(router, North));
    }

    [Fact]
    public async Task A_delivery_that_takes_over_finds_the_command_although_other_servers_are_running_by_then_C4_3()
    {
        var clock = new TestClock();
        var aws = await AwsFixture.StartAsync(s_world, clock, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws, RouterFixture.Route("""{"run-command":{"targets":{"resolve":{"filters":{"tag:Role":["pump"]}}},"offline":"skip","document":"Plant-Valve","parameters":{"valve":"V-17"}}}"""));
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

    private static string Event(string valve, string id = "event-1") => RouterFixture.Event($$"""{"valve":{{JsonSerializer.Serialize(valve, WorldJson.Default.String)}}}""", id);

    private static string[] Lines(RouterFixture router, string id) => File.ReadAllLines(Path.Combine(router.Aws.World.Instances[id].Directory, "valves.log"));

    private static string Text(System.Text.Json.Nodes.JsonNode? node) => node!.GetValue<string>();

    private static Task<RouterFixture> StartAsync(string action) => RouterFixture.StartAsync(RouterFixture.Route(action), s_world, ("FASTTRIGGER_ONCE_TABLE", "once"));
}
