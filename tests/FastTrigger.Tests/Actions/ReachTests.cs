using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>Other accounts, roles and parameters, and the lists of allow that restrict them (C6).</summary>
public sealed class ReachTests
{
    private const string Own = "123456789012", Other = "210987654321", Server = "i-0aaaaaaaaaaaaaaa1";

    private static readonly WorldFile s_world = new()
    {
        Instances = [new() { Id = Server, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
        Roles =
        [
            new() { Arn = $"arn:aws:iam::{Other}:role/plant/FastTrigger", ExternalId = "waterworks" },
            new() { Arn = $"arn:aws:iam::{Own}:role/Own" },
        ],
        Parameters = new Dictionary<string, string>
        {
            ["/plant/external"] = "waterworks",
            ["/plant/greeting"] = "good morning",
        },
    };

    private const string Role = """
        {"arn":"arn:aws:iam::${event.account}:role/plant/FastTrigger","externalId":"${ssm:/plant/external}",
        "sessionTags":{"Route":"${route.name}"}}
        """;

    [Fact]
    public async Task An_event_of_another_account_is_acted_on_with_a_role_of_that_account_C6_1()
    {
        await using var router = await StartAsync(Command($"\"role\":{Role}"), $"\"allow\":{{\"accounts\":[\"{Other}\"]}},");
        Assert.Equal("done", router.Act(Event(Other)).Outcome);
        Assert.Equal("done", router.Act(Event(Other, "event-2")).Outcome);
        // The role's credentials and the parameter are cached.
        Assert.Equal(["GetParameter", "AssumeRole", "SendCommand", "SendCommand"], router.Aws.Operations);
        Assert.Equal([Own, Own, Other, Other], router.Aws.World.Calls.Select(call => call.Account));
        var assumed = router.Aws.World.Calls.ElementAt(1).Parameters;
        Assert.Equal("fasttrigger-fasttrigger", assumed["RoleSessionName"]!.GetValue<string>());
        Assert.Equal("waterworks", assumed["ExternalId"]!.GetValue<string>());
        Assert.Equal("""[{"Key":"Route","Value":"r"}]""", assumed["Tags"]!.ToJsonString());
    }

    [Theory]
    [InlineData("", Other, "\"role\":" + Role, "allow.accounts does not list it")]
    [InlineData("\"allow\":{\"accounts\":[\"210987654321\"]},", Other, "\"once\":true", "names no 'role'")]
    [InlineData("\"allow\":{\"accounts\":[\"111111111111\"]},", Other, "\"role\":" + Role, "allow.accounts does not list it")]
    [InlineData("\"allow\":{\"accounts\":[\"*\"]},", "x:role/evil", "\"role\":" + Role, "is not the ARN of a role")]
    [InlineData("\"allow\":{\"accounts\":[\"*\"]},", "333333333333", "\"role\":" + Role, "AccessDenied")]
    [InlineData(
        "\"allow\":{\"accounts\":[\"*\"],\"roles\":[\"arn:aws:iam::*:role/none\"]},",
        Other,
        "\"role\":" + Role,
        "allow.roles does not list")]
    public async Task An_account_or_role_that_is_not_allowed_is_refused_C6_1(
        string head,
        string account,
        string settings,
        string reason)
    {
        await using var router = await StartAsync(Command(settings), head);
        var (outcome, detail) = router.Act(Event(account));
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("SendCommand", router.Aws.Operations);
    }

    [Fact]
    public async Task A_role_of_the_own_account_needs_no_external_id_and_is_renewed_before_it_expires()
    {
        var clock = new TestClock();
        var routes = RouterFixture.Route($$$"""
            {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"confirm":false,
            "role":"arn:aws:iam::{{{Own}}}:role/Own"}}
            """);
        await using var router = RouterFixture.Over(await AwsFixture.StartAsync(s_world, clock), routes);
        Assert.Equal("done", router.Act(Event(Own)).Outcome);
        clock.WallOffsetMs = 50 * 60_000;
        router.Aws.World.ClockOffset = TimeSpan.FromMinutes(50);
        Assert.Equal("done", router.Act(Event(Own), seconds: 3_600).Outcome);
        Assert.Equal(2, router.Aws.Operations.Count(operation => operation == "AssumeRole"));
    }

    [Fact]
    public async Task An_expired_session_of_a_role_is_a_retry_and_the_process_continues_C5_4()
    {
        await using var router = await StartAsync(
            $$$"""{"tag":{"tags":{"a":"b"},"volumes":false,"role":"arn:aws:iam::{{{Own}}}:role/Own"}}""");
        router.Aws.World.AddNamedIn("vol-0aaaaaaaaaaaaaaa1");
        router.Aws.World.Add(new Fault { Operation = "DescribeTags", Kind = FaultKind.ExpiredToken });
        var volume = RouterFixture.Event("""{"eventName":"CreateVolume","responseElements":{"volumeId":"vol-0aaaaaaaaaaaaaaa1"}}""");
        var (_, error, exit) = router.Handle(volume);
        Assert.Equal(("Function.ActionRetry", false), (error!.Type, exit));
        Assert.Equal("done", router.Act(volume).Outcome);
        Assert.Equal(2, router.Aws.Operations.Count(operation => operation == "AssumeRole"));
    }

    [Theory]
    [InlineData("\"role\":\"arn:aws:iam::210987654321:role/x\"", "\"accounts\":[\"210987654321\"]", "needs 'externalId'")]
    [InlineData("\"role\":\"arn:aws:iam::${event.account}:role/x\"", "\"accounts\":[]", "needs 'externalId'")]
    [InlineData("\"role\":\"arn:aws:iam::${event.detail.account}:role/x\"", "\"accounts\":[]", "may not go here")]
    [InlineData("\"role\":\"role/x\"", "\"accounts\":[]", "takes the ARN of a role")]
    [InlineData(
        "\"role\":\"arn:aws:iam::123456789012:role/x\"",
        "\"roles\":[\"arn:aws:iam::123456789012:role/y\"]",
        "allow.roles does not list")]
    public void A_role_that_can_never_be_allowed_is_an_error_C6_1(string role, string allow, string problem)
    {
        var routes = RouterFixture.Route("{\"tag\":{\"tags\":{\"a\":\"b\"}," + role + "}}", "\"allow\":{" + allow + "},");
        Assert.Null(RoutesText.Read(routes, out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_is_read_once_and_again_after_five_minutes_C1_5()
    {
        var clock = new TestClock();
        var routes = RouterFixture.Route("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["echo \"$GREETING\""],
            "environment":{"GREETING":"${ssm:/plant/greeting}"},"once":false,"wait":true}}
            """);
        await using var router = RouterFixture.Over(await AwsFixture.StartAsync(s_world, clock), routes);
        Assert.Equal("good morning\n", Output());
        router.Aws.World.Parameters["/plant/greeting"] = "good evening";
        Assert.Equal("good morning\n", Output());
        clock.BootOffsetMs = 5 * 60_000;
        Assert.Equal("good evening\n", Output());
        // A cached value is used while Parameter Store fails, but not after it answers that the parameter is missing.
        clock.BootOffsetMs = 10 * 60_000;
        router.Aws.World.Add(new Fault { Operation = "GetParameter", Kind = FaultKind.ServerError, Times = 9 });
        Assert.Equal("good evening\n", Output());
        router.Aws.World.ForgetFaults();
        router.Aws.World.Parameters.Clear();
        Assert.Contains("the parameter /plant/greeting is missing", router.Act(Event(Own)).Detail, StringComparison.Ordinal);

        string Output() => router.ActionOf(Event(Own)).GetProperty("instances")[0].GetProperty("output").GetString()!;
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_now_is_a_retry()
    {
        await using var router = await StartAsync("""
            {"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"],"environment":{"A":"${ssm:/plant/greeting}"}}}
            """);
        router.Aws.World.Add(new Fault { Operation = "GetParameter", Kind = FaultKind.Throttle, Times = 9 });
        Assert.Equal("retry", router.Act(Event(Own)).Outcome);
    }

    [Theory]
    [InlineData("\"instanceTags\":{\"Role\":[\"pump\"]}", "done", "accepted")]
    [InlineData("\"instanceTags\":{\"Role\":[\"p*\"]}", "done", "accepted")]
    [InlineData("\"instanceTags\":{\"Role\":[\"gate\"],\"Team\":[\"x\"]}", "failed", "i-0aaaaaaaaaaaaaaa1 has none of these tags")]
    public async Task A_server_that_an_event_names_needs_an_allowed_tag_C6_2(string allow, string outcome, string reason)
    {
        await using var router = await StartAsync(Command("\"once\":true"), "\"allow\":{" + allow + "},");
        var (found, detail) = router.Act(Event(Own));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["gate"]},"commands":["true"]}}""",
        "\"instanceTags\":{\"Role\":[\"pump\"]}",
        "has no tag that allow.instanceTags lists")]
    [InlineData("""{"run-automation":{"document":"Plant-Restart"}}""", "\"documents\":[\"Other-*\"]", "allow.documents does not list")]
    [InlineData("""{"tag":{"tags":{"Owner":"x","Cost":"y"}}}""", "\"tags\":[\"Own*\"]", "allow.tags does not list Cost")]
    [InlineData(
        """{"call":{"url":"https://plant.example/","once":false}}""",
        "\"hosts\":[\"*.example.org\"]",
        "allow.hosts does not list plant.example")]
    public void Routes_may_name_only_what_allow_lists_C6_2(string action, string allow, string problem)
    {
        Assert.Null(RoutesText.Read(RouterFixture.Route(action, "\"allow\":{" + allow + "},"), out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    /// <summary>A command on the server that the event names.</summary>
    private static string Command(string settings) =>
        $$$"""{"run-command":{"targets":{"instanceIds":["${event.detail.id}"]},"commands":["true"],{{{settings}}}}}""";

    private static string Event(string account, string id = "event-1") =>
        RouterFixture.Event($$"""{"id":"{{Server}}"}""", id, account: account);

    private static Task<RouterFixture> StartAsync(string action, string head = "") =>
        RouterFixture.StartAsync(RouterFixture.Route(action, head), s_world);
}
