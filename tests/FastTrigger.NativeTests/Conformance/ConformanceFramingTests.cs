namespace FastTrigger.NativeTests.Conformance;

/// <summary>Events in every form that HTTP/1.1 allows (RFC 9112), however they arrive.</summary>
public sealed class ConformanceFramingTests
{
    private const string Tank = "{\"name\":\"x\",\"tank\":\"north\"}";

    private static readonly string s_deadline = $"{DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds()}";

    private static string Head(string id) =>
        $"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {id}\r\nLambda-Runtime-Deadline-Ms: {s_deadline}\r\n";

    private static string Sized(string id) => Head(id) + $"Content-Length: {Tank.Length}\r\n\r\n{Tank}";

    private static string Chunked(string id) =>
        Head(id) + $"Transfer-Encoding: chunked\r\n\r\n5;a=\"b;c\"\r\n{Tank[..5]}\r\n0{Tank.Length - 5:X}\r\n{Tank[5..]}\r\n000;last\r\n"
        + "Lambda-Runtime-Aws-Request-Id: of-the-trailer\r\nX-More: 1\r\n\r\n";

    [Fact]
    public async Task Every_form_of_an_answer_is_read()
    {
        string[] forms =
        [
            Sized("0"),
            Chunked("1"),
            // Interim answers come first, also one that has the name of an id.
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLambda-Runtime-Aws-Request-Id: early\r\n\r\n" + Sized("2"),
            // Names in any case, in any order, with or without white space, and without a reason.
            $"HTTP/1.1 200 \r\ncONTENT-lENGTH:{Tank.Length}\r\nLAMBDA-RUNTIME-DEADLINE-MS:  {s_deadline} \r\n"
                + $"x-lambda-runtime-aws-request-id: no\r\nlambda-runtime-aws-request-id:\t3 \r\n\r\n{Tank}",
            // The length and the chunks of one answer: the chunks count, and the connection is closed.
            Chunked("4").Replace("Transfer-Encoding", "Content-Length: 1\r\nTRANSFER-ENCODING", StringComparison.Ordinal),
            Head("5") + $"Connection: close\r\nContent-Length: {Tank.Length}\r\n\r\n{Tank}",
            Head("6") + $"Connection: keep-alive, Close\r\nContent-Length: {Tank.Length}\r\n\r\n{Tank}",
            Sized("7").Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal),
        ];
        var next = 0;
        await using var peer = RuntimePeer.Start(async (request, stream) =>
        {
            var answer = !request.IsNext ? RuntimePeer.Accepted : next < forms.Length ? forms[next++] : "HTTP/1.1 410 Gone\r\n\r\n";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
            var closes = answer.Contains("lose\r\n", StringComparison.Ordinal) || answer.Contains("HTTP/1.0", StringComparison.Ordinal);
            return !closes && !answer.Contains("410", StringComparison.Ordinal);
        });
        Assert.Equal(1, await peer.ExitAsync());
        AssertAnswered(peer, Enumerable.Range(0, forms.Length).Select(form => $"{form}"));
        // No request follows on a connection whose end was announced, nor after an answer with both a length and chunks (RFC 9112, 6.1).
        Assert.Equal(5, peer.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_that_arrives_byte_by_byte_is_whole(bool chunked)
    {
        var nexts = 0;
        await using var peer = RuntimePeer.Start(async (request, stream) =>
        {
            var taken = chunked ? Chunked("a") : Sized("a");
            var answer = !request.IsNext ? RuntimePeer.Accepted : nexts++ > 0 ? "HTTP/1.1 410 Gone\r\n\r\n" : taken;
            foreach (var one in Encoding.UTF8.GetBytes(answer))
            {
                await stream.WriteAsync(new[] { one });
            }

            return nexts < 2;
        });
        Assert.Equal(1, await peer.ExitAsync());
        AssertAnswered(peer, ["a"]);
    }

    /// <summary>What arrived of a cut answer is forgotten: the event is taken from the next connection, once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_is_cut_at_any_byte_is_asked_for_again(bool chunked)
    {
        var whole = Encoding.UTF8.GetBytes(chunked ? Chunked("0000") : Sized("0000"));
        var cut = 0;
        var isCut = false;
        await using var peer = RuntimePeer.Start(async (request, stream) =>
        {
            if (!request.IsNext)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(RuntimePeer.Accepted));
                return true;
            }

            if (cut == whole.Length)
            {
                await stream.WriteAsync("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                return true;
            }

            isCut = !isCut;
            if (isCut)
            {
                await stream.WriteAsync(whole.AsMemory(0, cut));
                return false;
            }

            var id = $"{cut++:0000}";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(chunked ? Chunked(id) : Sized(id)));
            return true;
        });
        Assert.Equal(1, await peer.ExitAsync());
        AssertAnswered(peer, Enumerable.Range(0, whole.Length).Select(at => $"{at:0000}"));
    }

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 16777217\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFF\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: gzip\r\n\r\n")]
    public async Task What_is_no_answer_ends_the_process_with_a_message(string answer)
    {
        await using var peer = RuntimePeer.Scripted([Encoding.UTF8.GetBytes(answer)]);
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Empty(peer.Posts);
        Assert.Single(peer.Requests);
        Assert.Contains("invocation/next: ", Assert.Single(peer.Logs), StringComparison.Ordinal);
    }

    /// <summary>Each event is answered, once, and by the handler.</summary>
    private static void AssertAnswered(RuntimePeer peer, IEnumerable<string> ids)
    {
        Assert.Equal(ids.Select(id => $"POST /2018-06-01/runtime/invocation/{id}/response"), peer.Posts.Select(post => post.Line));
        Assert.All(peer.Posts, post => Assert.Contains("from direct in r", post.Text, StringComparison.Ordinal));
    }
}
