using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;
using static FastTrigger.Tests.Dispatch.HttpRoutes;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What an HTTP request is as an item, and what it is answered.</summary>
public sealed class HttpAnswerTests
{
    [Fact]
    public async Task A_request_is_one_item_with_method_path_headers_and_body_whatever_brings_it()
    {
        await using var fixture = await StartAsync(Open("""
            {"path":["/valves/V-22"],"httpMethod":["POST"],"body":{"valve":["V-22"],"open":[true]},
             "$or":[{"headers":{"user-agent":[{"prefix":"curl/"}]}},{"multiValueHeaders":{"user-agent":[{"prefix":"curl/"}]}}]}
            """));
        foreach (var name in Requests)
        {
            Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read(name))));
        }
    }

    [Fact]
    public async Task Path_parameters_reach_an_action()
    {
        await using var fixture = await StartAsync(Open(Post, """
            {"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["echo valve $VALVE"],
             "environment":{"VALVE":"${event.pathParameters.valve}"},"wait":{"timeout":"10s"}}}
            """));
        Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read("http"))));
        Assert.Equal("valve V-22\n", fixture.Aws.World.Commands.Values.Single().Invocations.Single().StandardOutput);
    }

    [Theory]
    [InlineData("""{"check-website":{"url":"${env.SITE}up"}}""", 200, "done")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"]}}""", 202, "accepted")]
    [InlineData(
        """{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"],"wait":{"timeout":"10s"}}}""",
        200,
        "done")]
    [InlineData(
        """
        {"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"],"environment":{"VALVE":"${event.nothing}"}}}
        """,
        422,
        "failed")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["nobody"]},"commands":["true"]}}""", 503, "retry")]
    public async Task What_became_of_it_is_the_status_and_one_word(string action, int status, string outcome)
    {
        await using var fixture = await StartAsync(Open(Post, action));
        Assert.Equal((status, outcome), Status(fixture.Handle(SampleEvents.Read("http"))));
    }

    [Fact]
    public async Task Whoever_is_to_ask_again_is_told_when()
    {
        const string Command = """
            {"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"],"once":false,"confirm":false}}
            """;
        var throttle = new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 50 };
        await using var throttled = await StartAsync(Open(Post, Command), World with { Faults = [throttle] });
        var (answer, error, _) = throttled.Handle(SampleEvents.Read("http"), seconds: 3);
        Assert.Null(error);
        Assert.True(answer.GetProperty("statusCode").GetInt32() is 429 or 504, answer.GetRawText());
        if (answer.GetProperty("statusCode").GetInt32() == 429)
        {
            Assert.Equal("2", answer.GetProperty("headers").GetProperty("retry-after").GetString());
        }

        await using var absent = await StartAsync(
            Open(Post, """{"run-command":{"targets":{"tag:Role":["nobody"]},"commands":["true"]}}"""));
        var headers = absent.Handle(SampleEvents.Read("http")).Answer.GetProperty("headers");
        Assert.Equal("5", headers.GetProperty("retry-after").GetString());
        Assert.Equal((504, "timeout"), Status(absent.Handle(SampleEvents.Read("http"), seconds: 0)));
    }

    [Fact]
    public async Task The_answer_has_the_id_by_which_the_log_has_it_and_nothing_of_the_inside()
    {
        await using var fixture = await StartAsync(Open(Post, """{"check-website":{"url":"${env.SITE}secret-place"}}"""));
        var (answer, _, _) = fixture.Handle(SampleEvents.Read("http"));
        Assert.Equal("""{"outcome":"failed","correlationId":"request-1"}""", answer.GetProperty("body").GetString());
        Assert.DoesNotContain("secret-place", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(fixture.Logs, log =>
            log.GetProperty("requestId").GetString() == "request-1"
            && log.GetRawText().Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_form_is_answered_in_its_own_words()
    {
        await using var fixture = await StartAsync(Open("""{"nothing":["like this"]}"""));
        const string Start = """
            {"statusCode":404,
            """;
        const string Description = """
            "statusDescription":"404 Not Found",
            """;
        const string Headers = """
            "headers":{"content-type":"application/json","cache-control":"no-store"},
            """;
        const string Lists = """
            "multiValueHeaders":{"content-type":["application/json"],"cache-control":["no-store"]},
            """;
        const string Body = """
            "body":"{\"outcome\":\"unmatched\",\"correlationId\":\"request-1\"}","isBase64Encoded":false}
            """;
        foreach (var name in (string[])["http", "http-url", "http-1.0", "http-rest", "http-websocket"])
        {
            Assert.Equal(Start + Headers + Body, fixture.Handle(SampleEvents.Read(name)).Answer.GetRawText());
        }

        var balanced = fixture.Handle(SampleEvents.Read("http-alb")).Answer.GetRawText();
        Assert.Equal(Start + Description + Headers + Body, balanced);
        var withLists = fixture.Handle(SampleEvents.Read("http-alb-lists")).Answer.GetRawText();
        Assert.Equal(Start + Description + Lists + Body, withLists);
    }

    [Fact]
    public async Task A_load_balancers_health_check_is_answered_and_reaches_no_route()
    {
        await using var fixture = await StartAsync(
            Open("""{"httpMethod":["GET"]}""", """{"check-website":{"url":"${env.SITE}missing"}}"""));
        Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read("http-alb-health"))));
        Assert.DoesNotContain(fixture.Logs, log => log.GetProperty("message").GetString() == "action");
        // Anybody can say so to an API Gateway, where nobody asks for one's health.
        var posing = SampleEvents.Read("http").Replace("curl/8.5.0", "ELB-HealthChecker/2.0", StringComparison.Ordinal);
        Assert.Equal((404, "unmatched"), Status(fixture.Handle(posing)));
    }

    [Fact]
    public async Task A_route_that_does_not_name_http_takes_no_request_however_wide_its_pattern_is_C1_3()
    {
        await using var fixture = await StartAsync("""
            {"allow":{"hosts":["localhost"]},"routes":[{"name":"wide","when":{"requestContext":{"accountId":[{"exists":true}]}},
             "do":[{"check-website":{"url":"${env.SITE}up"}}]}]}
            """);
        Assert.Equal((404, "unmatched"), Status(fixture.Handle(SampleEvents.Read("http"))));
    }

    [Fact]
    public async Task A_key_makes_a_repeated_request_one_C2_1()
    {
        await using var fixture = await StartAsync(Open(Post, $$$"""
            {"run-command":{"targets":{"instanceIds":["{{{Instance}}}"]},"document":"Plant-Restart","once":{"per":"event"} } }
            """));
        Assert.Equal((202, "accepted"), Status(fixture.Handle(SampleEvents.Read("http"))));
        Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read("http"))));
        Assert.Single(fixture.Aws.World.Commands);
        var long256 = SampleEvents.Read("http")
            .Replace("8e03978e-40d5-43e8-bc93-6894a57f9324", new string('k', 256), StringComparison.Ordinal);
        Assert.Equal((422, "failed"), Status(fixture.Handle(long256)));
    }

    /// <summary>Nobody knows what was sent, so nothing is done with the rest of the request.</summary>
    [Theory]
    [InlineData("e30=", 200)]
    [InlineData("", 200)]
    [InlineData("e30", 400)]
    [InlineData("{}", 400)]
    [InlineData("e3_-", 400)]
    public async Task A_body_that_is_said_to_be_base64_and_is_not_is_refused(string body, int status)
    {
        await using var fixture = await StartAsync(Open(Every));
        foreach (var name in Requests)
        {
            var request = JsonNode.Parse(SampleEvents.Read(name))!;
            (request["body"], request["isBase64Encoded"]) = (body, true);
            var answer = fixture.Handle(request.ToJsonString()).Answer;
            Assert.Equal(status, answer.GetProperty("statusCode").GetInt32());
            var isDone = fixture.Logs.Any(log => log.GetProperty("message").GetString() == "action");
            Assert.Equal(status == 200, isDone);
        }

        Assert.Equal(status == 400, fixture.Logs.Any(log => log.GetRawText().Contains("said to be base64", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_handler_may_answer_with_a_body_or_with_the_whole_answer()
    {
        await using var aws = await AwsFixture.StartAsync(World);
        await using var body = Over("""{"valve":"open"}""");
        var answer = body.Handle(SampleEvents.Read("http")).Answer;
        Assert.Equal((200, """{"valve":"open"}"""), (answer.GetProperty("statusCode").GetInt32(), answer.GetProperty("body").GetString()));
        await using var whole = Over("""{"statusCode":418,"body":"tea"}""");
        Assert.Equal("""{"statusCode":418,"body":"tea"}""", whole.Handle(SampleEvents.Read("http")).Answer.GetRawText());

        RouterFixture Over(string given) => RouterFixture.Over(
            aws.Another(),
            Open(Post, """{"handler":{"name":"h"}}"""),
            ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done("") with { Answer = given })));
    }

    private static string Open(string when) => Routes("\"none\"", when);

    private static string Open(string when, string action) => Routes("\"none\"", when, action);
}
