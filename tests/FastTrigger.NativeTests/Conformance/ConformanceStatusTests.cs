using System.Net.Sockets;

namespace FastTrigger.NativeTests.Conformance;

/// <summary>Each status of the Runtime API, on each endpoint (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).</summary>
public sealed class ConformanceStatusTests
{
    private const string Tank = "{\"name\":\"x\",\"tank\":\"north\"}", Failing = "{\"name\":\"x\",\"text\":\"dry\"}";

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("403 Forbidden")]
    [InlineData("410 Gone")]
    [InlineData("413 Content Too Large")]
    [InlineData("500 Internal Server Error")]
    [InlineData("502 Bad Gateway")]
    [InlineData("503 Service Unavailable")]
    [InlineData("204 No Content")]
    public async Task A_refused_next_ends_the_process_with_its_address_and_status(string status)
    {
        await using var peer = RuntimePeer.Scripted([Answer(status)]);
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal("GET /2018-06-01/runtime/invocation/next", Assert.Single(peer.Requests).Line);
        var line = JsonNode.Parse(Assert.Single(peer.Logs))!;
        Assert.Equal("FATAL", line.Text("level"));
        Assert.Matches($"GET http://127.0.0.1:\\d+/2018-06-01/runtime/invocation/next answered {status[..3]}", line.Text("message"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_breaks_before_next_is_answered_is_replaced_once(bool reset)
    {
        await using var peer = RuntimePeer.Start((_, stream) =>
        {
            Break(stream, reset);
            return Task.FromResult(false);
        });
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal(2, peer.Requests.Count);
        Assert.Equal(2, peer.Connections);
        Assert.Contains("invocation/next: the connection", Assert.Single(peer.Logs), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, bool> Results()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var handler in (string[])["raw", "fails"])
        {
            foreach (var status in (string[])["200 OK", "201 Created", "202 Accepted", "204 No Content"])
            {
                data.Add(handler, status, true);
            }

            foreach (var status in (string[])["400 Bad Request", "403 Forbidden", "410 Gone", "413 Content Too Large"])
            {
                data.Add(handler, status, true);
            }

            foreach (var status in (string[])["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "302 Found"])
            {
                data.Add(handler, status, false);
            }
        }

        return data;
    }

    /// <summary>"400, 403, 413: go on to next; 500: exit" holds for answers and for reports of errors.</summary>
    [Theory]
    [MemberData(nameof(Results))]
    public async Task A_result_is_given_once_whatever_its_status_is(string handler, string status, bool goesOn)
    {
        var answer = Encoding.UTF8.GetString(Answer(status));
        var body = handler == "raw" ? Tank : Failing;
        await using var peer = RuntimePeer.Scripted(
            [RuntimePeer.Event("one", body), RuntimePeer.Event("two", body)],
            handler,
            request => request.Line.Contains("/one/", StringComparison.Ordinal) ? answer : RuntimePeer.Accepted);
        Assert.Equal(1, await peer.ExitAsync());
        var end = handler == "raw" ? "response" : "error";
        string[] expected = ["POST /2018-06-01/runtime/invocation/one/" + end, "POST /2018-06-01/runtime/invocation/two/" + end];
        Assert.Equal(goesOn ? expected : expected[..1], peer.Posts.Select(post => post.Line));
        var refused = peer.Logs.Where(line => line.Contains($"/one/{end}: answered {status[..3]}", StringComparison.Ordinal)).ToList();
        Assert.Equal(status[0] == '2' ? 0 : 1, refused.Count);
        Assert.All(refused, line => Assert.Equal(goesOn ? "ERROR" : "FATAL", JsonNode.Parse(line).Text("level")));
    }

    /// <summary>Lambda takes a result once, so it is sent again when its acknowledgement is lost.</summary>
    [Theory]
    [InlineData("raw", 1, false)]
    [InlineData("raw", 1, true)]
    [InlineData("fails", 1, true)]
    [InlineData("raw", 2, false)]
    [InlineData("fails", 2, true)]
    public async Task A_result_whose_acknowledgement_is_lost_is_sent_once_more(string handler, int losses, bool reset)
    {
        var nexts = 0;
        await using var peer = RuntimePeer.Start(
            async (request, stream) =>
            {
                if (request.IsNext)
                {
                    await stream.WriteAsync(nexts++ == 0
                        ? RuntimePeer.Event("one", handler == "raw" ? Tank : Failing)
                        : Answer("410 Gone"));
                    return true;
                }

                if (losses-- > 0)
                {
                    Break(stream, reset);
                    return false;
                }

                await stream.WriteAsync(Answer("202 Accepted"));
                return true;
            },
            handler);
        var isLost = losses == 2;
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal(2, peer.Posts.Count());
        Assert.Single(peer.Posts.Select(post => post.Line + post.Text).Distinct());
        Assert.Equal(isLost ? 1 : 2, nexts);
    }

    [Theory]
    [InlineData("202 Accepted", false)]
    [InlineData("400 Bad Request", true)]
    [InlineData("403 Forbidden", true)]
    [InlineData("413 Content Too Large", true)]
    [InlineData("500 Internal Server Error", true)]
    [InlineData("503 Service Unavailable", true)]
    [InlineData(null, true)]
    public async Task A_start_that_fails_is_reported_and_ends_whatever_the_answer_is(string? status, bool isShown)
    {
        await using var peer = RuntimePeer.Start(
            async (_, stream) =>
            {
                if (status is not null)
                {
                    await stream.WriteAsync(Answer(status));
                }

                return status is not null;
            },
            routes: "{\"routes\": [{\"\\u0001\\\"é\": 1}]}");
        Assert.Equal(1, await peer.ExitAsync());
        Assert.All(peer.Requests, request => Assert.Equal("POST /2018-06-01/runtime/init/error", request.Line));
        Assert.Equal(status is null ? 2 : 1, peer.Requests.Count);
        Assert.True(peer.Requests.TryPeek(out var report));
        Assert.Equal("Function.InvalidConfiguration", report.Header("Lambda-Runtime-Function-Error-Type"));
        Assert.Equal("Function.InvalidConfiguration", JsonNode.Parse(report.Text).Text("errorType"));
        Assert.Equal(isShown, peer.Everything.Contains("init/error: ", StringComparison.Ordinal));
    }

    private static byte[] Answer(string status) =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\n" + (status[..3] == "204" ? "\r\n" : "Content-Length: 2\r\n\r\n{}"));

    private static void Break(NetworkStream stream, bool reset)
    {
        if (reset)
        {
            stream.Socket.LingerState = new(enable: true, seconds: 0);
            stream.Socket.Close();
        }
    }
}
