using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The action run-command with wait: the results on the servers decide the outcome (C3.6).</summary>
public sealed class CommandResultTests
{
    private const string North = "i-0aaaaaaaaaaaaaaa1", South = "i-0aaaaaaaaaaaaaaa2";

    [Fact]
    public async Task Results_are_reported_for_each_server_C3_6()
    {
        const string Action = """
            {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["echo \"$V and a long story\""],
            "environment":{"V":"${event.detail.valve}"},"wait":{"output":8}}}
            """;
        await using var router = await StartAsync(
            Action,
            Pump(North),
            Pump(South),
            Pump("i-0aaaaaaaaaaaaaaa3") with { Agent = "offline" },
            Pump("i-0aaaaaaaaaaaaaaa4") with { State = "stopped" });
        router.Aws.World.ShownAfterMs = 300;
        var action = router.ActionOf(RouterFixture.Event("""{"valve":"V-17"}"""));
        Assert.Contains("; 2 servers succeeded", action.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var results = action.GetProperty("instances").EnumerateArray().Select(instance => (
            instance.GetProperty("instanceId").GetString()!,
            instance.GetProperty("status").GetString()!,
            instance.GetProperty("exitCode").GetInt32(),
            instance.GetProperty("output").GetString()!));
        Assert.Equal([(North, "Success", 0, "V-17 and"), (South, "Success", 0, "V-17 and")], results);
        var again = router.ActionOf(RouterFixture.Event("""{"valve":"V-17"}"""));
        Assert.True(again.GetProperty("doneBefore").GetBoolean());
        Assert.Contains("2 of them by an earlier delivery", again.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo broken; exit 3", "", "i-0aaaaaaaaaaaaaaa1 (Failed, exit code 3)")]
    [InlineData("sleep 30", "\"executionTimeoutSeconds\":1,", "i-0aaaaaaaaaaaaaaa1 (ExecutionTimedOut)")]
    [InlineData("kill -9 $PPID; sleep 5", "\"once\":true,", "i-0aaaaaaaaaaaaaaa1 (Failed, exit code 137)")]
    public async Task A_command_that_fails_on_a_server_is_a_failed_action_C3_6(string command, string settings, string reason)
    {
        await using var router = await StartAsync(
            $$$"""{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["{{{command}}}"],{{{settings}}}"wait":true}}""",
            Pump(North));
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        if (command.StartsWith("echo", StringComparison.Ordinal))
        {
            var record = router.Logs.Single(record => record.GetProperty("message").GetString() == "instance");
            Assert.Equal((North, 3), (record.GetProperty("instanceId").GetString()!, record.GetProperty("exitCode").GetInt32()));
            Assert.Equal("broken\n", record.GetProperty("output").GetString());
        }

        if (command.StartsWith("kill", StringComparison.Ordinal))
        {
            detail = router.Act(RouterFixture.Event("{}")).Detail;
            Assert.Contains("exit code 76: an earlier run was interrupted", detail, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("undeliverable", "Undeliverable")]
    [InlineData("timed-out", "DeliveryTimedOut")]
    public async Task A_command_that_reached_no_server_is_a_retry_C3_6(string delivery, string status)
    {
        await using var router = await StartAsync(
            """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"wait":true}}""",
            Pump(North) with { Delivery = delivery });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("retry", outcome);
        Assert.Contains($"not reached: {North} ({status})", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "retry", false)]
    [InlineData("false", "failed", true)]
    public async Task A_command_that_does_not_end_in_time_is_a_retry_where_it_acts_once_C3_6(
        string once,
        string outcome,
        bool mayHaveRun)
    {
        var action = $$$"""
            {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["sleep 20"],
            "wait":{"timeout":"1s","cancel":true},"once":{{{once}}}}}
            """;
        await using var router = await StartAsync(action, Pump(North));
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains("was cancelled where it was pending", detail, StringComparison.Ordinal);
        Assert.Equal(mayHaveRun, detail.Contains("It may have run", StringComparison.Ordinal));
        await router.Aws.World.SettleAsync();
        Assert.Equal("Cancelled", router.Aws.World.Commands.Values.Single().Invocations[0].Status);
    }

    private static WorldInstance Pump(string id) =>
        new() { Id = id, Tags = new Dictionary<string, string> { ["Role"] = "pump" } };

    private static Task<RouterFixture> StartAsync(string action, params WorldInstance[] instances) =>
        RouterFixture.StartAsync(RouterFixture.Route(action), instances);
}
