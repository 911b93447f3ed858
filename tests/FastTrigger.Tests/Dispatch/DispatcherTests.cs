using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

public sealed class DispatcherTests
{
    private const string Good = """{"check-website":{"url":"${env.SITE}","status":404}}""";
    private const string Bad = """{"check-website":{"url":"${env.SITE}"}}""";
    private const string Missing = """{"check-website":{"url":"${env.NOWHERE}"}}""";

    [Fact]
    public async Task The_answer_is_the_stable_document()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Good));
        var (answer, error, _) = router.Handle(RouterFixture.Event("{}"));
        Assert.Null(error);
        const string Form = """^\{"items":1,"routes":\[\{"route":"r","item":"event-1","actions":"""
            + """\[\{"action":"check-website","outcome":"done","detail":"[^"]+"\}\]\}\]\}$""";
        Assert.Matches(Form, answer.GetRawText());
    }

    [Fact]
    public async Task The_first_action_that_is_not_done_stops_its_route_not_the_others_C1_4()
    {
        await using var router = await RouterFixture.StartAsync($$"""
            {"routes":[
              {"name":"one","when":{"source":["test"]},"do":[{{Good}},{{Bad}},{{Good}}]},
              {"name":"two","when":{"source":["test"]},"do":[{{Good}}]}]}
            """);
        var (_, error, exit) = router.Handle(RouterFixture.Event("{}"));
        Assert.Equal("Function.ActionFailed", error!.Type);
        Assert.StartsWith("route 'one', action 'check-website': localhost:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("two", error.Message, StringComparison.Ordinal);
        Assert.False(exit);
    }

    [Fact]
    public async Task A_missing_environment_variable_fails_the_action_and_is_named_C1_5()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Missing));
        Assert.Equal(
            ("failed", "route 'r', action 'check-website': url: the environment variable NOWHERE is missing"),
            router.Act(RouterFixture.Event("{}")));
    }

    [Fact]
    public async Task Only_retries_left_make_a_retry_else_a_failure_C3_2()
    {
        const string Offline = """{"run-command":{"targets":{"instanceIds":["i-0123456789abcdef0"]},"commands":["true"]}}""";
        await using var retry = await RouterFixture.StartAsync(RouterFixture.Route(Offline));
        Assert.Equal("Function.ActionRetry", retry.Handle(RouterFixture.Event("{}")).Error!.Type);
        await using var both = await RouterFixture.StartAsync($$"""
            {"routes":[
              {"name":"a","when":{"source":["test"]},"do":[{{Offline}}]},
              {"name":"b","when":{"source":["test"]},"do":[{{Bad}}]}]}
            """);
        var error = both.Handle(RouterFixture.Event("{}")).Error!;
        Assert.Equal("Function.ActionFailed", error.Type);
        Assert.Contains("route 'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("route 'b'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_matches_nothing_follows_unmatched_C2_4()
    {
        await using var lenient = await RouterFixture.StartAsync(
            """{"routes":[{"name":"r","when":{"source":["other"]},"do":[{"check-website":{"url":"https://x/"}}]}]}""");
        Assert.Equal("""{"items":1,"routes":[]}""", lenient.Handle(RouterFixture.Event("{}")).Answer.GetRawText());
        await using var strict = await RouterFixture.StartAsync("""
            {"unmatched":"error","routes":[
              {"name":"r","when":{"source":["other"]},"do":[{"check-website":{"url":"https://x/"}}]}]}
            """);
        Assert.Equal("Function.Unmatched", strict.Handle(RouterFixture.Event("{}")).Error!.Type);
    }

    [Fact]
    public async Task A_wrapped_event_is_offered_to_its_route_alone_and_must_still_match_C2_3()
    {
        await using var router = await RouterFixture.StartAsync($$"""
            {"routes":[
              {"name":"one","when":{"source":["test"]},"do":[{{Good}}]},
              {"name":"two","when":{"source":["test"]},"do":[{{Good}}]},
              {"name":"three","when":{"source":["other"]},"do":[{{Good}}]}]}
            """);
        string Wrapped(string name) => $$"""{"fasttrigger-route":"{{name}}","event":{{RouterFixture.Event("{}")}}}""";
        var taken = router.Handle(Wrapped("two")).Answer.GetProperty("routes").EnumerateArray().Single();
        Assert.Equal("two", taken.GetProperty("route").GetString());
        Assert.Equal(0, router.Handle(Wrapped("three")).Answer.GetProperty("routes").GetArrayLength());
        Assert.Equal("Function.UnknownRoute", router.Handle(Wrapped("four")).Error!.Type);
    }

    [Fact]
    public async Task A_route_on_a_schedule_takes_only_what_is_sent_to_it()
    {
        await using var router = await RouterFixture.StartAsync(
            $$"""{"routes":[{"name":"up","schedule":"rate(5 minutes)","do":[{{Good}}]}]}""");
        Assert.Equal(0, router.Handle(RouterFixture.Event("{}")).Answer.GetProperty("routes").GetArrayLength());
        const string Run = """{"fasttrigger-route":"up","schedule":"arn:x","time":"2026-11-20T14:35:00Z"}""";
        Assert.Equal(1, router.Handle(Run).Answer.GetProperty("routes").GetArrayLength());
    }

    [Theory]
    [InlineData("eventbridge", 1)]
    [InlineData("scheduler", 0)]
    [InlineData("direct", 0)]
    public async Task From_limits_the_chain_an_item_came_by_C1_3(string from, int routes)
    {
        await using var router = await RouterFixture.StartAsync(
            $$"""{"routes":[{"name":"r","from":["{{from}}"],"when":{"source":["test"]},"do":[{{Good}}]}]}""");
        Assert.Equal(routes, router.Handle(RouterFixture.Event("{}")).Answer.GetProperty("routes").GetArrayLength());
    }

    [Fact]
    public async Task A_deadline_that_nears_fails_the_invocation_while_it_can_still_be_said()
    {
        await using var router = await RouterFixture.StartAsync(
            RouterFixture.Route("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"]}}"""),
            new WorldFile { Faults = [new() { Kind = FaultKind.Silent, Times = 9 }] });
        var (_, error, _) = router.Handle(RouterFixture.Event("{}"), seconds: 1);
        Assert.Equal("Function.DeadlineExceeded", error!.Type);
    }

    [Fact]
    public async Task Whatever_comes_in_is_answered_or_is_an_error_and_never_an_exception()
    {
        await using var router = await RouterFixture.StartAsync(File.ReadAllText(TestEnvironment.Demo("routes.json")));
        var samples = Directory.GetFiles(TestEnvironment.Demo("."), "*.json").Select(File.ReadAllText).ToArray();
        var random = new Random(17);
        string[] pieces =
        [
            "null", "{}", "[]", "\"\"", "5", "\"\\ud800\"", "\"i-0123456789abcdef0\"",
            "true", "[[1]]", "\u0000", "\"${event.x}\"", "1e999",
        ];
        for (var i = 0; i < 400; i++)
        {
            var text = new StringBuilder(samples[random.Next(samples.Length)]);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0)
                {
                    text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
                }
                else
                {
                    // In the place of a value, so that most of what comes out is still JSON.
                    var colon = text.ToString().IndexOf(": ", at, StringComparison.Ordinal);
                    var end = colon < 0 ? -1 : text.ToString().IndexOf('\n', colon);
                    _ = end < 0
                        ? text.Append(' ')
                        : text.Remove(colon + 2, end - colon - 2).Insert(colon + 2, pieces[random.Next(pieces.Length)] + ",");
                }
            }

            var (answer, error, _) = router.Handle(text.ToString());
            Assert.True(error is not null || answer.ValueKind == JsonValueKind.Object);
            Assert.NotEqual("Function.Unhandled", error?.Type);
        }
    }

    [Fact]
    public async Task No_time_at_all_begins_nothing()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Good));
        Assert.Equal("Function.DeadlineExceeded", router.Handle(RouterFixture.Event("{}"), seconds: 0).Error!.Type);
    }

    [Fact]
    public async Task Expired_credentials_are_reported_and_end_the_process_C5_4()
    {
        await using var router = await RouterFixture.StartAsync(
            RouterFixture.Route("""{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"]}}"""),
            new WorldFile(),
            ("AWS_SESSION_TOKEN", "expired"));
        var (_, error, exit) = router.Handle(RouterFixture.Event("{}"));
        Assert.Equal("Function.ExpiredToken", error!.Type);
        Assert.True(exit);
    }

    [Fact]
    public async Task However_many_routes_found_the_credentials_expired_the_process_ends_once()
    {
        const string Action = """{"run-command":{"targets":{"tag:Role":["x"]},"commands":["true"]}}""";
        await using var router = await RouterFixture.StartAsync(
            $$"""
            {"routes":[{"name":"a","when":{"source":["test"]},"do":[{{Action}}]},
                       {"name":"b","when":{"source":["test"]},"do":[{{Action}}]}]}
            """,
            new WorldFile(),
            ("AWS_SESSION_TOKEN", "expired"));
        Assert.True(router.Handle(RouterFixture.Event("{}")).Exit);
    }
}
