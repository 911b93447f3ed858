using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>A dry run makes every call that changes nothing, and reports the others.</summary>
public sealed class DryRunTests
{
    private const string Document = """{"run-command":{"targets":{"tag:Role":["pump"]},"document":"Plant-Valve"}}""";

    private static readonly string[] s_changing =
        ["SendCommand", "CreateTags", "StartAutomationExecution", "PutItem", "DeleteItem", "CancelCommand"];

    private static readonly WorldFile s_world = new()
    {
        Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
        Documents = [new() { Name = "Plant-Valve", Script = "true" }, new() { Name = "Plant-Restart" }],
        Tables = ["once"],
        Sites = [new() { Path = "/", Body = "running" }],
    };

    [Theory]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}""",
        "dry run: would send AWS-RunShellScript to tag:Role = pump")]
    [InlineData(
        """{"run-command":{"targets":{"resolve":{"filters":{"tag:Role":["pump"]}}},"commands":["true"]}}""",
        "dry run: would send AWS-RunShellScript to i-0aaaaaaaaaaaaaaa1")]
    [InlineData(Document, "dry run: would send Plant-Valve to tag:Role = pump")]
    [InlineData("""{"run-automation":{"document":"Plant-Restart"}}""", "dry run: would start the automation Plant-Restart")]
    [InlineData("""{"tag":{"tags":{"Owner":"${owner}"}}}""", "dry run: would tag vol-0aaaaaaaaaaaaaaa1 with Owner=alice")]
    [InlineData("""{"call":{"url":"http://127.0.0.1:9/","message":"x"}}""", "dry run: would call 127.0.0.1:9 with 1 bytes")]
    [InlineData("""{"check-website":{"url":"${env.SITE}"}}""", "answered 200")]
    public async Task An_action_reports_what_it_would_change_and_changes_nothing(string action, string detail)
    {
        var created = RouterFixture.Event("""
            {"eventName":"CreateVolume","userIdentity":{"type":"IAMUser","userName":"alice"},
            "responseElements":{"volumeId":"vol-0aaaaaaaaaaaaaaa1"}}
            """);
        var replayed = $$"""
            {"version":"1.0","fasttrigger-dry-run":true,"requestContext":{"requestId":"a","condition":"RetriesExhausted"},
            "requestPayload":{{created}}}
            """;
        (string Routes, string? Variable, string Payload)[] ways =
        [
            (DryRoute(action), null, created),
            (RouterFixture.Route(action), "true", created),
            (RouterFixture.Route(action), null, replayed),
        ];
        foreach (var (routes, variable, payload) in ways)
        {
            await using var router = await RouterFixture.StartAsync(
                routes,
                s_world,
                ("FASTTRIGGER_ONCE_TABLE", "once"),
                ("FASTTRIGGER_DRY_RUN", variable));
            router.Aws.World.AddNamedIn("vol-0aaaaaaaaaaaaaaa1");
            var reported = router.ActionOf(payload);
            Assert.Contains(detail, reported.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain(router.Aws.Operations, s_changing.Contains);
            Assert.Contains(router.Logs, log => log.TryGetProperty("detail", out var logged)
                && logged.GetString()!.Contains(detail, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_earlier_outcome_is_reported_instead_of_what_would_be_done()
    {
        var aws = await AwsFixture.StartAsync(s_world, ("FASTTRIGGER_ONCE_TABLE", "once"));
        await using var router = RouterFixture.Over(aws, RouterFixture.Route(Document));
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        await using var dry = RouterFixture.Over(aws.Another(), DryRoute(Document));
        Assert.True(dry.ActionOf(RouterFixture.Event("{}")).GetProperty("doneBefore").GetBoolean());
    }

    private static string DryRoute(string action) =>
        RouterFixture.Route(action).Replace("\"name\":\"r\",", "\"name\":\"r\",\"dryRun\":true,", StringComparison.Ordinal);
}
