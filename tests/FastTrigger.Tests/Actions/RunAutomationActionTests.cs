using FastTrigger.Actions.RunAutomation;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

public sealed class RunAutomationActionTests
{
    private static readonly WorldFile s_world = new()
    {
        Documents =
        [
            new() { Name = "Plant-Restart", Parameters = ["Valve"], Milliseconds = 700 },
            new() { Name = "Plant-Slow", Parameters = ["Valve"], Milliseconds = 60_000 },
            new() { Name = "Plant-Broken", Parameters = ["Valve"], Ends = "Failed" },
        ],
    };

    [Fact]
    public async Task An_automation_is_started_once_for_an_event_by_its_client_token_C4_4()
    {
        await using var router = await StartAsync("""
            {"run-automation":{"document":"Plant-Restart","documentVersion":"$DEFAULT",
            "parameters":{"Valve":"${event.detail.valve}"},"targets":{"tag:Role":["pump"]},"targetParameterName":"Ids",
            "maxConcurrency":"2","maxErrors":"1"}}
            """);
        router.Aws.World.Add(new Fault { Operation = "StartAutomationExecution", Kind = FaultKind.AcceptedThenReset });
        var first = router.ActionOf(Event());
        var second = router.ActionOf(Event());
        Assert.Equal(first.GetProperty("commandId").GetString(), second.GetProperty("commandId").GetString());
        var request = Assert.Single(router.Aws.World.Automations).Value.Request;
        Assert.Equal("""{"Valve":["V-17"]}""", request["Parameters"]!.ToJsonString());
        Assert.Equal("""[{"Key":"tag:Role","Values":["pump"]}]""", request["Targets"]!.ToJsonString());
        Assert.Equal("done", router.Act(Event("event-2")).Outcome);
        Assert.Equal(2, router.Aws.World.Automations.Count);
    }

    [Theory]
    [InlineData("Plant-Restart", "done", "has succeeded")]
    [InlineData("Plant-Broken", "failed", "ended as Failed: Step fails")]
    [InlineData("Plant-Nothing", "failed", "AutomationDefinitionNotFoundException")]
    public async Task With_wait_the_outcome_of_the_automation_counts(string document, string outcome, string reason)
    {
        await using var router = await StartAsync(
            $$$"""{"run-automation":{"document":"{{{document}}}","parameters":{"Valve":"V-17"},"wait":true}}""");
        var (found, detail) = router.Act(Event());
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_delivery_waits_again_for_an_automation_that_takes_longer()
    {
        await using var router = await StartAsync(
            """{"run-automation":{"document":"Plant-Slow","parameters":{"Valve":"V-17"},"wait":{"timeout":"2s"}}}""");
        Assert.Equal("retry", router.Act(Event()).Outcome);
        router.Aws.World.ClockOffset = TimeSpan.FromSeconds(61);
        Assert.Equal("done", router.Act(Event()).Outcome);
        Assert.Single(router.Aws.World.Automations);
    }

    [Theory]
    [InlineData("IdempotentParameterMismatch", "failed")]
    [InlineData("AutomationExecutionLimitExceededException", "retry")]
    [InlineData("InvalidAutomationExecutionParametersException", "failed")]
    [InlineData("ThrottlingException", "retry")]
    public async Task The_error_of_AWS_decides_between_retry_and_failure_C5_1(string code, string outcome)
    {
        await using var router = await StartAsync("""{"run-automation":{"document":"Plant-Restart","parameters":{"Valve":"V-17"}}}""");
        router.Aws.World.Add(new Fault { Operation = "StartAutomationExecution", Kind = FaultKind.Error, Code = code, Times = 9 });
        var (found, detail) = router.Act(Event());
        Assert.Equal(outcome, found);
        Assert.Contains(code, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_once_each_delivery_starts_an_automation()
    {
        await using var router = await StartAsync(
            """{"run-automation":{"document":"Plant-Restart","parameters":{"Valve":"V-17"},"once":false}}""");
        Assert.Equal(("done", "done"), (router.Act(Event()).Outcome, router.Act(Event()).Outcome));
        Assert.Equal(2, router.Aws.World.Automations.Count);
    }

    [Fact]
    public void A_client_token_is_a_UUID()
    {
        const string Key = "aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899";
        Assert.Equal("aabbccdd-eeff-8011-8233-445566778899", RunAutomationAction.Token(Key));
    }

    [Theory]
    [InlineData("\"targets\":{\"tag:Role\":[\"x\"]}", "go together")]
    [InlineData("\"targets\":{\"Role\":[\"x\"]},\"targetParameterName\":\"Ids\"", "is no target of an automation")]
    [InlineData("\"targets\":{\"tag:Role\":[\"${event.detail.role}\"]},\"targetParameterName\":\"Ids\"", "may not go here")]
    [InlineData("\"once\":{\"per\":\"server\"}", "'per' is not a key of once")]
    public void Settings_that_contradict_each_other_are_an_error_C1_1(string settings, string problem)
    {
        var routes = RouterFixture.Route("{\"run-automation\":{\"document\":\"Plant-Restart\"," + settings + "}}");
        Assert.Null(RoutesText.Read(routes, out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    private static string Event(string id = "event-1") => RouterFixture.Event("""{"valve":"V-17"}""", id);

    private static Task<RouterFixture> StartAsync(string action) =>
        RouterFixture.StartAsync(RouterFixture.Route(action), s_world);
}
