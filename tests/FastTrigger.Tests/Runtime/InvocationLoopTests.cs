using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Runtime;

public sealed class InvocationLoopTests
{
    private const string Accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";

    private static string[] TwoEvents => [ScriptedRuntimeApi.Event("id-1", "{\"n\":1}"), ScriptedRuntimeApi.Event("id-2", "{\"n\":2}")];

    [Fact]
    public async Task An_invocation_is_answered_and_the_next_one_requested()
    {
        await using var api = new ScriptedRuntimeApi(TwoEvents);
        Assert.Equal(1, Run(api, Echo));
        Assert.Equal(
            [
                "GET /2018-06-01/runtime/invocation/next",
                "POST /2018-06-01/runtime/invocation/id-1/response",
                "GET /2018-06-01/runtime/invocation/next",
                "POST /2018-06-01/runtime/invocation/id-2/response",
                "GET /2018-06-01/runtime/invocation/next",
            ],
            api.Requests.Select(request => request[..request.IndexOf(" HTTP", StringComparison.Ordinal)]));
        Assert.EndsWith("\r\n\r\n{\"n\":1}", api.Posts.First(), StringComparison.Ordinal);
        Assert.Equal(1, api.Connections);
    }

    [Fact]
    public async Task The_end_of_an_invocation_is_told_when_it_was_answered_and_before_the_next_is_asked_for()
    {
        await using var api = new ScriptedRuntimeApi(TwoEvents);
        var told = new List<string>();
        Run(api, Echo, end: (invocation, result) =>
        {
            told.Add($"{invocation.RequestId} {result.Error?.Type ?? "ok"} {api.Requests[^1].Split(' ')[1].Split('/')[^1]}");
            throw new InvalidOperationException("a log that is gone ends nothing");
        });
        Assert.Equal(["id-1 ok response", "id-2 ok response"], told);
    }

    [Theory]
    [InlineData("413 Payload Too Large")]
    [InlineData("400 Bad Request")]
    [InlineData("500 Internal Server Error")]
    public async Task An_answer_that_is_refused_is_no_success(string status)
    {
        await using var api = new ScriptedRuntimeApi(TwoEvents[..1], _ => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        var told = new List<string>();
        Run(api, Echo, end: (_, result) => told.Add(result.Error!.Type));
        Assert.Equal(["Runtime.AnswerRefused"], told);
    }

    [Fact]
    public async Task The_end_of_an_invocation_whose_handler_throws_is_told_with_what_was_reported()
    {
        await using var api = new ScriptedRuntimeApi(TwoEvents);
        var told = new List<string>();
        Run(api, (_, _) => throw new InvalidOperationException("a bug"), end: (_, result) => told.Add(result.Error!.Type));
        Assert.Equal(["Function.Unhandled", "Function.Unhandled"], told);
    }

    [Fact]
    public async Task The_address_may_have_a_path()
    {
        await using var api = new ScriptedRuntimeApi([ScriptedRuntimeApi.Event("id-1", "{}")]);
        Run(api, Echo, "/function/one");
        Assert.All(api.Requests, request => Assert.Contains(" /function/one/2018-06-01/runtime/", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Headers_of_any_case_and_chunked_events_are_read()
    {
        const string Next =
            "HTTP/1.1 200 OK\r\n" +
            "LAMBDA-RUNTIME-AWS-REQUEST-ID: id-1\r\n" +
            "lambda-runtime-deadline-ms: 17\r\n" +
            "lambda-runtime-trace-ID: Root=1\r\n" +
            "Lambda-Runtime-Client-Context: {\"a\":1}\r\n" +
            "Lambda-Runtime-Cognito-Identity: \r\n" +
            "Lambda-Runtime-Aws-Tenant-Id: blue\r\n" +
            "Transfer-Encoding: chunked\r\n\r\n" +
            "3\r\n{\"a\r\n" +
            "5\r\n\":12}\r\n" +
            "0\r\n\r\n";
        await using var api = new ScriptedRuntimeApi([Next]);
        var served = 0;
        Run(api, (invocation, answer) =>
        {
            served++;
            Assert.Equal(("id-1", 17L, "Root=1"), (invocation.RequestId, invocation.DeadlineMs, invocation.TraceId));
            Assert.Equal(("{\"a\":1}", "blue"), (invocation.ClientContext, invocation.TenantId));
            Assert.Null(invocation.CognitoIdentity);
            Assert.Null(invocation.FunctionArn);
            Assert.Equal("{\"a\":12}", Encoding.UTF8.GetString(invocation.Payload.Span));
            return InvocationResult.Answered;
        });
        Assert.Equal(1, served);
        Assert.Single(api.Posts, post => post.Contains("/response", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_is_reported_with_its_type_in_header_and_document()
    {
        await using var api = new ScriptedRuntimeApi([ScriptedRuntimeApi.Event("id-1", "{}")]);
        Run(api, (_, _) => InvocationResult.Failed("Function.ActionFailed", "line one\nline \"two\" – ü"));
        var post = Assert.Single(api.Posts);
        Assert.StartsWith("POST /2018-06-01/runtime/invocation/id-1/error ", post, StringComparison.Ordinal);
        Assert.Contains("\r\nLambda-Runtime-Function-Error-Type: Function.ActionFailed\r\n", post, StringComparison.Ordinal);
        const string CauseHeader = "Lambda-Runtime-Function-XRay-Error-Cause: ";
        var header = post.Split("\r\n").Single(line => line.StartsWith(CauseHeader, StringComparison.Ordinal));
        var cause = JsonDocument.Parse(header[CauseHeader.Length..]).RootElement;
        Assert.Equal("Function.ActionFailed", cause.GetProperty("exceptions")[0].GetProperty("type").GetString());
        var document = post[(post.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var body = JsonDocument.Parse(Encoding.Latin1.GetBytes(document)).RootElement;
        Assert.Equal("line one\nline \"two\" – ü", body.GetProperty("errorMessage").GetString());
        Assert.Equal(0, body.GetProperty("stackTrace").GetArrayLength());
    }

    [Fact]
    public async Task An_exception_fails_its_invocation_and_the_next_one_is_served()
    {
        await using var api = new ScriptedRuntimeApi(TwoEvents);
        Run(api, (invocation, answer) => invocation.RequestId == "id-1"
            ? throw new InvalidOperationException("a bug")
            : Echo(invocation, answer));
        Assert.Contains("Function.Unhandled", api.Posts.First(), StringComparison.Ordinal);
        Assert.Contains("/id-2/response", api.Posts.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(413)]
    public async Task A_result_that_is_refused_is_not_repeated_and_the_next_event_is_requested(int status)
    {
        var refused = $"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n";
        await using var api = new ScriptedRuntimeApi(
            TwoEvents,
            request => request.Contains("/id-1/", StringComparison.Ordinal) ? refused : Accepted);
        Run(api, Echo);
        // After a 413 the platform has failed the invocation itself: no error is posted.
        Assert.Equal(2, api.Posts.Count());
        Assert.DoesNotContain(api.Posts, post => post.Contains("/error ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_500_ends_the_process()
    {
        await using var api = new ScriptedRuntimeApi(TwoEvents, _ => "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(1, Run(api, Echo));
        Assert.Single(api.Posts);
    }

    [Fact]
    public async Task A_connection_that_closes_before_a_result_is_accepted_is_replaced_once()
    {
        var first = true;
        await using var api = new ScriptedRuntimeApi([ScriptedRuntimeApi.Event("id-1", "{}")], _ =>
        {
            var close = first;
            first = false;
            return close ? null : Accepted;
        });
        Run(api, Echo);
        Assert.Equal(2, api.Posts.Count());
        Assert.Equal(2, api.Connections);
        Assert.StartsWith("GET", api.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_stays_closed_ends_the_process()
    {
        await using var api = new ScriptedRuntimeApi([ScriptedRuntimeApi.Event("id-1", "{}")], _ => null);
        Assert.Equal(1, Run(api, Echo));
        Assert.Equal(2, api.Posts.Count());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a/../b\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_failed_poll_ends_the_process_and_never_continues_with_an_empty_request_id(string next)
    {
        await using var api = new ScriptedRuntimeApi([next]);
        Assert.Equal(1, Run(api, Echo));
        Assert.Single(api.Requests);
    }

    private static InvocationResult Echo(Invocation invocation, ByteBuffer answer)
    {
        answer.Append(invocation.Payload.Span);
        return InvocationResult.Answered;
    }

    private static int Run(ScriptedRuntimeApi api, InvocationHandler handler, string path = "", InvocationEnd? end = null)
    {
        Assert.True(Origin.TryParse("http://" + api.Address + path, out var origin, out _));
        using var client = new RuntimeApiClient(origin, Clock.System);
        return new InvocationLoop(client, handler, new Log(json: true, LogLevel.Fatal + 1, Clock.System), end: end).Run();
    }
}
