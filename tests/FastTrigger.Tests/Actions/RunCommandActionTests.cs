using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

public sealed class RunCommandActionTests
{
    private const string Pump = "i-0aaaaaaaaaaaaaaa1";
    private const string True = """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}""";
    private const string OnIds = """{"run-command":{"targets":{"instanceIds":["${event.detail.ids[*]}"]},"commands":["true"]}}""";

    private static readonly WorldInstance s_pump = new()
    {
        Id = Pump,
        Tags = new Dictionary<string, string> { ["Role"] = "pump", ["Site"] = "north" },
    };

    [Fact]
    public async Task A_command_runs_on_the_servers_of_a_tag_with_event_text_in_variables_only()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"],"tag:Site":["north"]},
            "commands":["printf '%s' \"$VALVE\"","printf '|%s' \"$0\""],"environment":{"VALVE":"${event.detail.valve}"},
            "maxConcurrency":"50%","maxErrors":"1","deliveryTimeoutSeconds":60,"executionTimeoutSeconds":20,
            "comment":"open","documentVersion":"$DEFAULT"}}
            """);
        const string Hostile = "$(touch /tmp/pwned-unit); `id` '\\\"\n%s ü";
        Assert.Equal("done", router.Act(RouterFixture.Event($$"""{"valve":{{Json(Hostile)}}}""")).Outcome);
        var invocation = await ResultAsync(router);
        Assert.Equal(("Success", ""), (invocation.Status, invocation.StandardError));
        Assert.Equal(Hostile + "|fasttrigger", invocation.StandardOutput);
        Assert.False(File.Exists("/tmp/pwned-unit"));
        var parameters = router.Aws.World.Calls.First().Parameters;
        Assert.Equal(("50%", "1"), (parameters["MaxConcurrency"]!.ToString(), parameters["MaxErrors"]!.ToString()));
        Assert.Equal("$DEFAULT", parameters["DocumentVersion"]!.ToString());
        Assert.Equal(60, parameters["TimeoutSeconds"]!.GetValue<int>());
        Assert.Equal("20", parameters["Parameters"]!["executionTimeout"]![0]!.ToString());
        Assert.Matches("^open [0-9a-f]{16}$", parameters["Comment"]!.ToString());
    }

    [Fact]
    public async Task The_same_event_runs_once_and_another_event_runs_again_C4_2()
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["echo ran >> log"]}}""");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
            await router.Aws.World.SettleAsync();
        }

        Assert.Equal("done", router.Act(RouterFixture.Event("{}", id: "event-2")).Outcome);
        await router.Aws.World.SettleAsync();
        Assert.Equal(["ran", "ran"], await LogAsync(router));
    }

    [Theory]
    [InlineData("false", 2)]
    [InlineData("true", 1)]
    [InlineData("""{"by":"${event.detail.order}"}""", 1)]
    public async Task Once_can_be_off_or_use_another_key_C4_1(string once, int expected)
    {
        await using var router = await StartAsync(
            """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["echo ran >> log"],"once":""" + once + "}}");
        for (var i = 0; i < 2; i++)
        {
            var id = once.Contains("by", StringComparison.Ordinal) ? $"event-{i}" : "event";
            Assert.Equal("done", router.Act(RouterFixture.Event("""{"order":7}""", id)).Outcome);
            await router.Aws.World.SettleAsync();
        }

        Assert.Equal(expected, (await LogAsync(router)).Length);
    }

    [Theory]
    [InlineData("accepted-then-reset")]
    [InlineData("accepted-then-500")]
    public async Task After_a_lost_answer_the_command_is_looked_for_and_never_sent_again_C5_1(string kind)
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"once":false}}""");
        router.Aws.World.Add(Fault("SendCommand", kind));
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        Assert.Equal(1, router.Aws.Operations.Count(operation => operation == "SendCommand"));
        Assert.Single(router.Aws.World.Commands);
    }

    [Theory]
    [InlineData("true", "retry", "runs it at most once")]
    [InlineData("false", "failed", "It may have run")]
    public async Task A_command_that_cannot_be_found_is_a_retry_only_where_once_guards_it_C5_1(string once, string outcome, string reason)
    {
        await using var router = await StartAsync(
            """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"once":""" + once + "}}");
        router.Aws.World.Add(Fault("SendCommand", "reset"));
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.Equal(1, router.Aws.Operations.Count(operation => operation == "SendCommand"));
    }

    [Fact]
    public async Task A_tag_that_no_server_has_is_a_retry_C3_6()
    {
        await using var router = await StartAsync("""{"run-command":{"targets":{"tag:Role":["nobody"]},"commands":["true"]}}""");
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("retry", outcome);
        Assert.Contains("no managed server has tag:Role = nobody", detail, StringComparison.Ordinal);
        await using var unconfirmed = await StartAsync(
            """{"run-command":{"targets":{"tag:Role":["nobody"]},"commands":["true"],"confirm":false}}""");
        Assert.Equal("done", unconfirmed.Act(RouterFixture.Event("{}")).Outcome);
        Assert.Equal(["SendCommand"], unconfirmed.Aws.Operations);
    }

    [Fact]
    public async Task More_than_fifty_servers_take_several_commands_and_each_is_named_C5_2()
    {
        var instances = Enumerable.Range(0, 120).Select(i => new WorldInstance { Id = $"i-{i:x17}" }).ToArray();
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(OnIds), instances);
        var many = EventFor(instances);
        var (outcome, detail) = router.Act(many);
        Assert.Equal("done", outcome);
        Assert.Equal([50, 50, 20], router.Aws.World.Calls.Select(call => call.Parameters["InstanceIds"]!.AsArray().Count));
        Assert.Equal(3, detail.Split(',').Length);
        var routes = RouterFixture.Route(OnIds.Replace("[\"true\"]", "[\"true\"],\"once\":false", StringComparison.Ordinal));
        await using var unguarded = await RouterFixture.StartAsync(routes, instances);
        Assert.Equal("failed", unguarded.Act(many).Outcome);
        Assert.Empty(unguarded.Aws.World.Calls);
    }

    [Fact]
    public async Task A_server_that_is_refused_does_not_stop_the_others_C5_2()
    {
        var instances = Enumerable.Range(0, 8)
            .Select(i => new WorldInstance { Id = $"i-{i:x17}", Agent = i == 5 ? "offline" : "online" })
            .ToArray();
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(OnIds), instances);
        var (outcome, detail) = router.Act(EventFor(instances));
        Assert.Equal("retry", outcome);
        Assert.Contains($"InvalidInstanceId for {instances[5].Id}:", detail, StringComparison.Ordinal);
        Assert.Equal(7, router.Aws.World.Commands.Values.Sum(command => command.Invocations.Count));
    }

    [Theory]
    [InlineData("""{"ids":["i-0aaaaaaaaaaaaaaa1","i-nope"]}""", "'i-nope' is not the id of an instance")]
    [InlineData("""{"ids":["i-0aaaaaaaaaaaaaaa1; reboot"]}""", "is not the id of an instance")]
    [InlineData("""{"ids":[]}""", "event.detail.ids[*] is missing")]
    [InlineData("""{"Ids":["i-0aaaaaaaaaaaaaaa1"]}""", "event.detail.ids[*] is missing; did you mean event.detail.Ids[*]?")]
    [InlineData("""{"ids":[{"a":1}]}""", "is an object")]
    public async Task Text_that_is_not_an_instance_id_is_refused(string detail, string reason)
    {
        await using var router = await StartAsync(OnIds);
        var (outcome, message) = router.Act(RouterFixture.Event(detail));
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }

    [Theory]
    [InlineData("{{ssm:/plant/key}}", "{{ in it")]
    [InlineData("a\u0000b", "NUL")]
    public async Task Event_text_that_cannot_arrive_unchanged_fails_the_action_C7_2(string value, string reason)
    {
        await using var router = await StartAsync(
            """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"environment":{"V":"${event.detail.v}"}}}""");
        var (outcome, detail) = router.Act(RouterFixture.Event($$"""{"v":{{Json(value)}}}"""));
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }

    [Fact]
    public async Task Shell_bash_runs_bash_and_its_exit_code_is_passed_on()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"shell":"bash",
            "commands":["a=(1 2 3)","echo ${#a[@]} ${HOME:+home}","exit 7"]}}
            """);
        router.Act(RouterFixture.Event("{}"));
        var invocation = await ResultAsync(router);
        Assert.Equal(("Failed", 7, "3 home\n"), (invocation.Status, invocation.ExitCode, invocation.StandardOutput));
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_killed_with_its_child_processes()
    {
        // The server's process ids are its own.
        var mark = $"sleep 61.{Random.Shared.Next(1_000_000):D6}";
        await using var router = await StartAsync($$$"""
            {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["{{{mark}}} & wait"],"executionTimeoutSeconds":1}}
            """);
        router.Act(RouterFixture.Event("{}"));
        var invocation = await ResultAsync(router);
        Assert.Equal("TimedOut", invocation.Status);
        Assert.True(SpinWait.SpinUntil(() => Processes.Count(mark) == 0, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task PowerShell_text_uses_its_own_document_with_values_in_base64()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"shell":"powershell","commands":["Write-Output $env:V"],
            "environment":{"V":"${event.detail.v}"}}}
            """);
        // The local servers run Linux, so the local Systems Manager refuses the document, as AWS does.
        var (outcome, detail) = router.Act(RouterFixture.Event("""{"v":"it's 5 $(x)"}"""));
        Assert.Equal("failed", outcome);
        Assert.Contains("UnsupportedPlatformType", detail, StringComparison.Ordinal);
        var parameters = router.Aws.World.Calls.Single().Parameters;
        Assert.Equal("AWS-RunPowerShellScript", parameters["DocumentName"]!.ToString());
        var script = parameters["Parameters"]!["commands"]![0]!.ToString();
        var inner = Encoding.UTF8.GetString(Convert.FromBase64String(script.Split("FromBase64String('")[1].Split('\'')[0]));
        var value = Convert.ToBase64String("it's 5 $(x)"u8);
        Assert.Equal(
            $"$env:V = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{value}'))\r\nWrite-Output $env:V",
            inner);
    }

    [Fact]
    public async Task Throttling_that_does_not_stop_is_a_retry()
    {
        await using var router = await StartAsync(True);
        router.Aws.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 9 });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("retry", outcome);
        Assert.Contains("ThrottlingException", detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Commands);
    }

    private static Task<RouterFixture> StartAsync(string action) =>
        RouterFixture.StartAsync(RouterFixture.Route(action), s_pump);

    private static string Json(string text) => JsonSerializer.Serialize(text, WorldJson.Default.String);

    private static string EventFor(IEnumerable<WorldInstance> instances) =>
        RouterFixture.Event($$"""{"ids":[{{string.Join(',', instances.Select(instance => $"\"{instance.Id}\""))}}]}""");

    private static Fault Fault(string operation, string kind)
    {
        var world = $$"""{"faults":[{"operation":"{{operation}}","kind":"{{kind}}"}]}""";
        return JsonSerializer.Deserialize(world, WorldJson.Default.WorldFile)!.Faults[0];
    }

    /// <summary>The lines that the commands of a test write.</summary>
    private static Task<string[]> LogAsync(RouterFixture router) =>
        File.ReadAllLinesAsync(
            Path.Combine(router.Aws.World.Instances[Pump].Directory, "log"),
            TestContext.Current.CancellationToken);

    private static async Task<LocalInvocation> ResultAsync(RouterFixture router)
    {
        await router.Aws.World.SettleAsync();
        return router.Aws.World.Commands.Values.Single().Invocations.Single();
    }
}
