using System.Collections.Concurrent;

namespace FastTrigger.NativeTests.Conformance;

/// <summary>What an invocation says of itself, and what is said of it: ids, deadlines, sizes, messages, traces and signals.</summary>
public sealed class ConformanceInvocationTests
{
    private const string Tank = "{\"name\":\"x\",\"tank\":\"north\"}";

    // The limit of a synchronous answer: 6 MiB and 100 bytes.
    private const int MaxAnswer = 6_291_556;

    [Theory]
    [InlineData("8476a536-e9f4-11e8-9739-2dfe598c3fcd", true)]
    [InlineData("A_b.c-9", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("../../init/error?", false)]
    [InlineData("a%2Fb", false)]
    [InlineData("é", false)]
    [InlineData("a\"b", false)]
    public async Task An_id_is_used_in_a_path_only_when_it_can_be(string id, bool isUsed)
    {
        await using var peer = RuntimePeer.Scripted([RuntimePeer.Event(id, Tank)]);
        Assert.Equal(1, await peer.ExitAsync());
        string[] expected = isUsed ? [$"POST /2018-06-01/runtime/invocation/{id}/response"] : [];
        Assert.Equal(expected, peer.Posts.Select(post => post.Line));
        Assert.Equal(!isUsed, peer.Everything.Contains("without a usable Lambda-Runtime-Aws-Request-Id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Any_deadline_is_survived_and_one_that_has_passed_starts_nothing()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        string[] deadlines =
            ["0", "1", $"{now - 1}", "x", "", "-1", "1e20", "9223372036854775807", "99999999999999999999", $"{now + 600_000}"];
        await using var peer = RuntimePeer.Scripted(deadlines.Select((deadline, i) => Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {i}\r\nLambda-Runtime-Deadline-Ms: {deadline}\r\n"
            + $"Content-Length: {Tank.Length}\r\n\r\n{Tank}")));
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal(
            deadlines.Select((_, i) => $"POST /2018-06-01/runtime/invocation/{i}/{(i < 3 ? "error" : "response")}"),
            peer.Posts.Select(post => post.Line));
        Assert.All(peer.Posts.Take(3), post =>
            Assert.Equal("Function.DeadlineExceeded", post.Header("Lambda-Runtime-Function-Error-Type")));
    }

    [Fact]
    public async Task Six_megabytes_go_in_and_out_and_one_byte_more_fails_that_invocation_alone()
    {
        var large = "{\"name\":\"x\",\"bytes\":20,\"fill\":\"" + new string('x', (6 * 1024 * 1024) - 33) + "\"}";
        Assert.Equal(6 * 1024 * 1024, large.Length);
        await using var peer = RuntimePeer.Scripted(
            [
                RuntimePeer.Event("large", large),
                RuntimePeer.Event("most", $$"""{"name":"x","bytes":{{MaxAnswer}}}"""),
                RuntimePeer.Event("more", $$"""{"name":"x","bytes":{{MaxAnswer + 1}}}"""),
                RuntimePeer.Event("after", """{"name":"x","bytes":20}"""),
            ],
            "answers",
            request => request.Body.Length <= MaxAnswer
                ? RuntimePeer.Accepted
                : "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal(
            [("large", 20), ("most", MaxAnswer), ("more", MaxAnswer + 1), ("after", 20)],
            peer.Posts.Select(post => (post.Line.Split('/')[^2], post.Body.Length)));
        Assert.All(peer.Posts, post => Assert.EndsWith("/response", post.Line, StringComparison.Ordinal));
        Assert.Single(peer.Logs, line => line.Contains("more/response: answered 413", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("the pump \"P-1\" \\ is\r\nInjected-Header: 1\r\n\r\ndry")]
    [InlineData("\u0000\u0001\u001f\u007f\u0080\u0085\u2028\u2029\ufeff")]
    [InlineData("Ventil geöffnet, 水位 42 %, 😀")]
    [InlineData("'<script>${jndi:x}{{ssm:x}}%0d%0a")]
    public async Task A_message_is_whole_in_json_and_one_ascii_line_in_the_header(string text)
    {
        await using var peer = RuntimePeer.Scripted([RuntimePeer.Event("a", Json(text)), RuntimePeer.Event("b", Json(text))], "fails");
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal(2, peer.Posts.Count());
        foreach (var post in peer.Posts)
        {
            Assert.EndsWith("/error", post.Line, StringComparison.Ordinal);
            Assert.Contains(text, JsonNode.Parse(post.Text).Text("errorMessage"), StringComparison.Ordinal);
            Assert.Equal("[]", JsonNode.Parse(post.Text)!["stackTrace"]!.ToJsonString());
            AssertHeaders(post);
        }
    }

    [Theory]
    [InlineData("\\ud83d")]
    [InlineData("long")]
    public async Task A_message_that_is_no_text_or_too_long_is_reported_all_the_same(string text)
    {
        var body = text == "long" ? Json(new string('é', 100_000)) : $$"""{"name":"x","text":"half {{text}} of a pair"}""";
        await using var peer = RuntimePeer.Scripted([RuntimePeer.Event("a", body)], "fails");
        Assert.Equal(1, await peer.ExitAsync());
        var post = Assert.Single(peer.Posts);
        Assert.NotEmpty(JsonNode.Parse(post.Text).Text("errorMessage"));
        AssertHeaders(post);
    }

    /// <summary>Lambda sends SIGTERM only where extensions are. It ends the process at once, and without a result.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SIGTERM_ends_the_process_at_once_idle_or_busy(bool busy)
    {
        var asked = new TaskCompletionSource();
        await using var peer = RuntimePeer.Start(
            async (_, stream) =>
            {
                if (busy)
                {
                    await stream.WriteAsync(RuntimePeer.Event("a", Tank));
                }

                asked.SetResult();
                return true;
            },
            "blocks");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Artifacts.Token);
        peer.Signal("TERM");
        Assert.Equal(128 + 15, await peer.ExitAsync());
        Assert.Single(peer.Requests);
        Assert.Empty(peer.Errors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task Traces_and_ids_of_concurrent_invocations_are_never_mixed(int concurrency)
    {
        const int Rounds = 6;
        var next = 0;
        var all = concurrency * Rounds;
        var waiting = new ConcurrentQueue<TaskCompletionSource>();
        await using var peer = RuntimePeer.Start(
            async (request, stream) =>
            {
                if (!request.IsNext)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(RuntimePeer.Accepted));
                    return true;
                }

                var mine = Interlocked.Increment(ref next) - 1;
                if (mine >= all)
                {
                    // The first loop to end would end the process under the others.
                    if (mine == all + concurrency - 1)
                    {
                        await stream.WriteAsync("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                    }

                    return true;
                }

                // All loops have asked before any gets an event, so all of a round run at a time.
                var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Enqueue(turn);
                if ((mine + 1) % concurrency == 0)
                {
                    for (var i = 0; i < concurrency; i++)
                    {
                        Assert.True(waiting.TryDequeue(out var one));
                        one.SetResult();
                    }
                }

                await turn.Task;
                // Every third invocation has no trace.
                var trace = mine % 3 == 0 ? "" : $"Lambda-Runtime-Trace-Id: Root=t{mine}.\r\n";
                await stream.WriteAsync(RuntimePeer.Event($"id-{mine}", "{\"name\":\"x\"}", trace));
                return true;
            },
            "trace",
            concurrency);
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal(concurrency, peer.Connections);
        Assert.Equal(all, peer.Posts.Count());
        foreach (var post in peer.Posts)
        {
            var id = post.Line.Split('/')[^2];
            var mine = int.Parse(id[3..], provider: null);
            var trace = mine % 3 == 0 ? "none" : $"Root=t{mine}.";
            var variable = mine % 3 == 0 || concurrency > 1 ? "unset" : trace;
            Assert.Contains($"{trace}|{variable}\"", post.Text, StringComparison.Ordinal);
            var lines = peer.Logs.Select(line => JsonNode.Parse(line)!).Where(line => line["requestId"]?.ToString() == id).ToList();
            Assert.Single(lines, line => line.Text("message") == (mine % 3 == 0 ? "trace " : $"trace {trace}"));
            Assert.Single(lines, line => line.Text("message") == "invocation");
        }
    }

    private static void AssertHeaders(RuntimeRequest post)
    {
        Assert.Matches("^(Runtime|Function)\\.[A-Z][a-zA-Z]+$", post.Header("Lambda-Runtime-Function-Error-Type"));
        var cause = post.Header("Lambda-Runtime-Function-XRay-Error-Cause")!;
        Assert.Equal("/var/task", JsonNode.Parse(cause).Text("working_directory"));
        Assert.All(cause, letter => Assert.InRange(letter, ' ', '~'));
        Assert.InRange(cause.Length, 1, 65_535);
        Assert.Null(post.Header("Injected-Header"));
        Assert.All(post.Head.Split("\r\n"), line => Assert.DoesNotContain('\n', line));
    }

    private static string Json(string text) => new JsonObject { ["name"] = "x", ["text"] = text }.ToJsonString();
}
