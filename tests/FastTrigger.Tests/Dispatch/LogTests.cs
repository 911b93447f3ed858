using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What operators read: a record for each action and one for each invocation.</summary>
public sealed class LogTests
{
    private const string Two = """
        {"routes":[{"name":"a","when":{"source":["test"]},"do":[{"handler":{"name":"h"}},{"handler":{"name":"h"}}]},
                   {"name":"b","when":{"detail":{"x":[1]}},"do":[{"handler":{"name":"h"}}]}]}
        """;

    private static readonly string s_event = RouterFixture.Event("{}");

    public static TheoryData<string, string, string> Outcomes => new()
    {
        {
            "done",
            Action("INFO", "done", "said so") + Action("INFO", "done", "said so"),
            Invocation("INFO", "eventbridge", routes: 1)
        },
        {
            "skipped",
            Action("INFO", "skipped", "said so") + Action("INFO", "skipped", "said so"),
            Invocation("INFO", "eventbridge", routes: 1)
        },
        // The second action of the route is not begun.
        {
            "retry",
            Action("ERROR", "retry", "said so"),
            Invocation("ERROR", "eventbridge", 1, "Function.ActionRetry", "route 'a', action 'handler': said so", "retry")
        },
        {
            "failed",
            Action("ERROR", "failed", "said so"),
            Invocation("ERROR", "eventbridge", 1, "Function.ActionFailed", "route 'a', action 'handler': said so", "failed")
        },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task An_action_and_an_invocation_leave_a_record_each(string outcome, string actions, string invocation)
    {
        await using var fixture = await StartAsync(Two, _ => Result(outcome));
        fixture.Handle(s_event);
        Assert.Equal(actions + invocation, Records(fixture, s_event));
    }

    [Fact]
    public async Task What_no_route_takes_is_logged_with_the_first_field_that_did_not_match_of_each_route()
    {
        var routes = string.Join(',', Enumerable.Range(0, 22).Select(number =>
            $$$"""{"name":"r{{{number}}}","when":{"detail":{"x{{{number}}}":[1]}},"do":[{"handler":{"name":"h"}}]}"""));
        await using var fixture = await StartAsync($$"""{"routes":[{{routes}}]}""", _ => Result("done"));
        string[] why = [.. Enumerable.Range(0, 20).Select(number => $"r{number}: detail.x{number}")];
        fixture.Handle(s_event);
        fixture.Handle(s_event);
        Assert.All(Unmatched(fixture), text => Assert.Equal(string.Join(", ", why), text));
        Assert.Equal(2, Unmatched(fixture).Count);
        // Another event is refused for another reason.
        await using var other = await StartAsync(
            """{"routes":[{"name":"r","when":{"detail":{"a":[1],"b":[1]}},"do":[{"handler":{"name":"h"}}]}]}""",
            _ => Result("done"));
        other.Handle(RouterFixture.Event("""{"a":1}"""));
        other.Handle(RouterFixture.Event("""{"b":1}"""));
        Assert.Equal(["r: detail.b", "r: detail.a"], Unmatched(other));
        other.Handle(RouterFixture.Event("""{"a":1,"b":1}"""));
        Assert.Equal(2, Unmatched(other).Count);
    }

    [Fact]
    public async Task A_batch_is_logged_with_what_must_come_again_and_a_duplicate_is_matched_once()
    {
        const string Routes = """
            {"routes":[{"name":"a","when":{"body":["good","bad"]},"do":[{"handler":{"name":"h"}}]}]}
            """;
        var batch = Events.SqsSourceTests.Batch("good", "bad", "good");
        var doubled = batch.Replace("m-2", "m-0", StringComparison.Ordinal);
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(new(), ("FASTTRIGGER_PARTIAL_BATCH", "on")),
            Routes,
            ("h", (item, _, _) => ValueTask.FromResult(Result(item.Event.GetProperty("body").GetString() == "bad" ? "failed" : "done"))));
        fixture.Handle(doubled);
        var record = fixture.Logs[^1];
        Assert.Equal((3, 2, 1), (Number(record, "items"), Number(record, "routes"), Number(record, "undone")));
        Assert.Equal("1 failed", Text(record, "notDone"));
        Assert.Equal("ERROR", record.GetProperty("level").GetString());
        fixture.Handle(Events.SqsSourceTests.Batch("other", "bad", "other", "good"));
        Assert.Equal("2 unmatched, 1 failed", Text(fixture.Logs[^1], "notDone"));
        fixture.Handle(Events.SqsSourceTests.Batch("good"));
        Assert.False(fixture.Logs[^1].TryGetProperty("undone", out _));
        Assert.False(fixture.Logs[^1].TryGetProperty("notDone", out _));
        Assert.False(fixture.Logs[^1].TryGetProperty("unmatched", out _));
    }

    [Fact]
    public async Task Of_many_routes_the_reason_of_each_is_logged_too()
    {
        const string Do = "\"do\":[{\"handler\":{\"name\":\"h\"}}]";
        var routes = string.Join(',', Enumerable.Range(0, 9).Select(number =>
            $$$"""{"name":"r{{{number}}}","when":{"source":["test"],"detail":{"x":["{{{number}}}"]}},{{{Do}}}}"""));
        await using var fixture = await StartAsync(
            $$$"""
            {"routes":[{{{routes}}},
            {"name":"level","when":{"source":["test"],"detail":{"level":[{"numeric":[">",5]}]}},{{{Do}}}},
            {"name":"other","when":{"source":["other"]},{{{Do}}}},
            {"name":"queue","from":["sqs"],"when":{"source":["test"]},{{{Do}}}},
            {"name":"daily","schedule":"rate(1 day)",{{{Do}}}}]}
            """,
            _ => Result("done"));
        fixture.Handle(s_event);
        string[] why =
        [
            .. Enumerable.Range(0, 9).Select(number => $"r{number}: detail.x"),
            "level: detail.level",
            "other: source",
            "queue: from",
            "daily: schedule",
        ];
        Assert.Equal(string.Join(", ", why), Assert.Single(Unmatched(fixture)));
    }

    [Fact]
    public async Task What_is_refused_before_it_is_matched_has_no_reasons_of_the_event_before()
    {
        await using var fixture = await StartAsync(Two, _ => Result("done"));
        fixture.Handle(s_event.Replace("\"test\"", "\"other\"", StringComparison.Ordinal));
        Assert.Single(Unmatched(fixture));
        var imitation = s_event.Replace("\"test\"", "\"aws.ec2\"", StringComparison.Ordinal);
        Assert.NotNull(fixture.Handle($"[{imitation}]").Error);
        Assert.Single(Unmatched(fixture));
    }

    [Fact]
    public async Task What_is_no_event_is_logged_as_an_error_of_no_source()
    {
        await using var fixture = await StartAsync(Two, _ => Result("done"));
        var error = fixture.Handle("{").Error!;
        Assert.Equal(
            Invocation("ERROR", "", 0, error.Type, error.Message, items: 0),
            Records(fixture, "{"));
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(201, 200)]
    public async Task A_long_id_and_a_long_name_of_a_route_are_cut(int length, int shown)
    {
        var text = new string('x', length);
        await using var fixture = await StartAsync(Two, _ => Result("done"));
        var payload = RouterFixture.Event("{}", id: text);
        fixture.Handle(payload);
        Assert.Equal(new string('x', shown), fixture.Logs[0].GetProperty("item").GetString());
        var error = fixture.Handle($$"""{"fasttrigger-route":"{{text}}","event":{{payload}}}""").Error!;
        Assert.Equal(
            ("Function.UnknownRoute", $"the event was sent to the route '{new string('x', shown)}', which routes.json does not have"),
            (error.Type, error.Message));
        Assert.Null(fixture.Handle($$"""{"fasttrigger-route":"a","event":{{payload}}}""").Error);
    }

    [Fact]
    public async Task A_refused_request_is_logged_with_its_route_and_the_reason()
    {
        await using var fixture = await StartAsync(
            """
            {"routes":[
              {"name":"a","from":["http"],"when":{"httpMethod":["POST"]},"do":[{"handler":{"name":"h"}}],
               "auth":{"iam":{"principals":["arn:aws:iam::123456789012:role/x"]}}},
              {"name":"b","from":["http"],"when":{"httpMethod":["POST"]},"do":[{"handler":{"name":"h"}}],
               "auth":{"iam":{"principals":["arn:aws:iam::123456789012:role/y"]}}}]}
            """,
            _ => Result("done"));
        fixture.Handle(SampleEvents.Read("http"));
        var refused = fixture.Logs.Where(log => log.GetProperty("message").GetString() == "refused").ToList();
        Assert.Equal(["a", "b"], refused.Select(log => log.GetProperty("route").GetString()));
        Assert.All(refused, log => Assert.Equal("WARN", log.GetProperty("level").GetString()));
        Assert.All(refused, log => Assert.StartsWith("AWS has authenticated nobody", log.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_completed_hook_is_an_action_of_the_answer_and_of_the_log()
    {
        await using var fixture = await StartAsync(
            """
            {"routes":[{"name":"a","when":{"source":["aws.autoscaling"]},"lifecycle":{},
             "do":[{"handler":{"name":"h"}}]}]}
            """,
            _ => Result("done"));
        var (answer, error, _) = fixture.Handle(SampleEvents.Read("eventbridge-lifecycle"));
        Assert.Null(error);
        var action = answer.GetProperty("routes")[0].GetProperty("actions")[1];
        Assert.Equal(
            """{"action":"lifecycle","outcome":"done","detail":"completed with CONTINUE"}""",
            action.GetRawText());
        var record = fixture.Logs[1];
        Assert.Equal(
            ("INFO", "a", "lifecycle", "completed with CONTINUE"),
            (Text(record, "level"), Text(record, "route"), Text(record, "action"), Text(record, "detail")));
    }

    [Fact]
    public async Task A_callback_that_a_dry_run_leaves_out_is_logged()
    {
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(new(), ("FASTTRIGGER_DRY_RUN", "true")),
            """{"routes":[{"name":"a","from":["config"],"when":{"accountId":["123456789012"]},"do":[{"handler":{"name":"h"}}]}]}""",
            ("h", (_, _, _) => ValueTask.FromResult(Result("done"))));
        fixture.Handle(SampleEvents.Read("config"));
        var record = fixture.Logs.Single(log => Text(log, "message") == "callback");
        Assert.Equal(
            ("INFO", "config", "skipped", true),
            (Text(record, "level"), Text(record, "source"), Text(record, "outcome"),
                Text(record, "detail")!.StartsWith("dry run: would report ", StringComparison.Ordinal)));
    }

    /// <summary>The records without what differs from run to run; what they took is a number of milliseconds.</summary>
    private static string Records(RouterFixture fixture, string payload) => string.Concat(fixture.Logs.Select(log =>
    {
        var record = JsonNode.Parse(log.GetRawText())!.AsObject();
        Assert.True(record.Remove("timestamp"));
        Assert.InRange(record["ms"]!.GetValue<long>(), 0, 60_000);
        Assert.True(record.Remove("ms"));
        // The metrics are the last members.
        foreach (var (name, _) in record.SkipWhile(static member => member.Key != "_aws").ToList())
        {
            record.Remove(name);
        }

        if (record["bytes"] is { } bytes)
        {
            Assert.Equal(Encoding.UTF8.GetByteCount(payload), bytes.GetValue<int>());
            Assert.True(record.Remove("bytes"));
        }

        return record.ToJsonString() + "\n";
    }));

    private static string Action(string level, string outcome, string detail) => Line(
        ("level", level),
        ("message", "action"),
        ("requestId", "request-1"),
        ("route", "a"),
        ("action", "handler"),
        ("item", "event-1"),
        ("outcome", outcome),
        ("detail", detail));

    private static string Invocation(
        string level,
        string source,
        int routes,
        string? type = null,
        string? error = null,
        string? notDone = null,
        int items = 1)
    {
        (string, JsonNode?)[] left = notDone is null ? [] : [("notDone", notDone)];
        (string, JsonNode?)[] problem = type is null ? [] : [("errorType", type), ("error", error)];
        return Line([
            ("level", level),
            ("message", "invocation"),
            ("requestId", "request-1"),
            ("outcome", type is null ? "ok" : "error"),
            ("source", source),
            ("items", items),
            ("routes", routes),
            .. left,
            .. problem]);
    }

    private static string Line(params (string Name, JsonNode? Value)[] members) =>
        new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, member.Value))).ToJsonString() + "\n";

    private static List<string> Unmatched(RouterFixture fixture) =>
    [
        .. fixture.Logs.Where(log => log.TryGetProperty("unmatched", out _)).Select(log => log.GetProperty("unmatched").GetString()!),
    ];

    private static int Number(JsonElement record, string name) => record.GetProperty(name).GetInt32();

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private static ActionResult Result(string outcome) => outcome switch
    {
        "done" => ActionResult.Done("said so"),
        "skipped" => ActionResult.Skipped("said so"),
        "retry" => ActionResult.Retry("said so"),
        _ => ActionResult.Failed("said so"),
    };

    private static async Task<RouterFixture> StartAsync(string routes, Func<Item, ActionResult> act) => RouterFixture.Over(
        await AwsFixture.StartAsync(new WorldFile()),
        routes,
        ("h", (item, _, _) => ValueTask.FromResult(act(item))));
}
