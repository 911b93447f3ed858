namespace FastTrigger.NativeTests.Conformance;

/// <summary>A Runtime API that is slow, or falls silent.</summary>
public sealed class ConformancePaceTests
{
    private const int MaxAnswer = 6_291_556;

    /// <summary>The answer is larger than all buffers between the two, so its writer waits for its reader again and again.</summary>
    [Fact]
    public async Task The_largest_answer_arrives_whole_at_a_peer_that_reads_it_in_small_pieces()
    {
        var events = new Queue<string>([$$"""{"name":"x","bytes":{{MaxAnswer}}}""", """{"name":"x","bytes":20}"""]);
        await using var peer = RuntimePeer.Start(
            async (request, stream) =>
            {
                var answer = !request.IsNext ? Encoding.UTF8.GetBytes(RuntimePeer.Accepted)
                    : events.TryDequeue(out var body) ? RuntimePeer.Event($"{events.Count}", body)
                    : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"u8.ToArray();
                await stream.WriteAsync(answer);
                return true;
            },
            "answers",
            pieceBytes: 2048);
        Assert.Equal(1, await peer.ExitAsync());
        Assert.Equal([MaxAnswer, 20], peer.Posts.Select(post => post.Body.Length));
        Assert.Equal('"' + new string('x', MaxAnswer - 2) + '"', peer.Posts.First().Text);
        Assert.Equal(1, peer.Connections);
    }

    /// <summary>
    /// Nothing says when an event comes, and Lambda may freeze the environment in the middle of it. So it is waited for without a deadline,
    /// in one system call, and the signal that ends an environment ends it there too.
    /// </summary>
    [Theory]
    [InlineData("HTTP/1.1 2", false)]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 28\r\n\r\n{\"name\":", true)]
    [InlineData("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nTransfer-Encoding: chunked\r\n\r\n1C\r\n{\"name\":", true)]
    public async Task An_event_whose_middle_is_late_is_waited_for_and_a_signal_ends_that(string first, bool isHeadWhole)
    {
        const string Body = "\"x\",\"tank\":\"north\"}\n";
        var rest = isHeadWhole
            ? Body + (first.Contains("chunked", StringComparison.Ordinal) ? "\r\n0\r\n\r\n" : "")
            : first.Length < 20
                ? "00 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\nContent-Length: 28\r\n\r\n{\"name\":" + Body
                : "Content-Length: 28\r\n\r\n{\"name\":" + Body;
        var started = new TaskCompletionSource<RuntimePeer>();
        var (nexts, silent) = (0, new TaskCompletionSource());
        await using var peer = RuntimePeer.Start(async (request, stream) =>
        {
            if (!request.IsNext)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(RuntimePeer.Accepted));
                return true;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(first));
            if (nexts++ == 0)
            {
                var process = (await started.Task).ProcessId;
                while (!IsWaiting(process))
                {
                    await Task.Yield();
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes(rest));
            }
            else
            {
                silent.SetResult();
            }

            return true;
        });
        started.SetResult(peer);
        await silent.Task.WaitAsync(TimeSpan.FromSeconds(30), Artifacts.Token);
        Assert.Equal("POST /2018-06-01/runtime/invocation/a/response", Assert.Single(peer.Posts).Line);
        Assert.Equal(1, peer.Connections);
        peer.Signal("TERM");
        Assert.Equal(128 + 15, await peer.ExitAsync());
    }

    /// <summary>Whether the process has read all there was, and sleeps: it has one thread that works.</summary>
    private static bool IsWaiting(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'S' && QueuedBytes(process) == 0;
    }

    /// <summary>What the kernel holds for the process's TCP connections (man 5 proc_pid_net).</summary>
    private static long QueuedBytes(int process)
    {
        var sockets = Directory.GetFiles($"/proc/{process}/fd")
            .Select(static file => new FileInfo(file).LinkTarget ?? "")
            .Where(static target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(static target => target[8..^1])
            .ToHashSet();
        return File.ReadLines($"/proc/{process}/net/tcp").Skip(1)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => sockets.Contains(fields[9]))
            .Sum(static fields => Convert.ToInt64(fields[4].Split(':')[1], 16));
    }
}
