using FastTrigger.Core;
using FastTrigger.Fuzzing;
using FastTrigger.Http;

namespace FastTrigger.Tests.Fuzzing;

/// <summary>Changed answers: none throws, takes more memory than its limits, or means another thing in other pieces.</summary>
public sealed class HttpFuzzTests
{
    private static readonly HttpLimits s_limits = new(4_096, 32_768);

    [Theory]
    [MemberData(nameof(FuzzSeeds.All), MemberType = typeof(FuzzSeeds))]
    public void An_answer_means_the_same_however_it_is_split(int seed, int rounds)
    {
        var pieces = new Random(seed);
        var mutator = new Mutator(
            FuzzTargets.Find("http").Seeds,
            seed,
            isJson: false,
            "\r\n", "\n", "\r\n\r\n", "\r", "\0", " ", ":", ",", "0\r\n\r\n", "1\r\nx\r\n", "ffffffff\r\n", "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n", "+", "-1");
        for (var round = 0; round < rounds; round++)
        {
            var input = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var whole = Read(input, _ => int.MaxValue);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 * (s_limits.Head + s_limits.Body));
            Assert.Equal(whole, Read(input, _ => 1));
            Assert.Equal(whole, Read(input, pieces.Next));
        }
    }

    /// <summary>What a caller sees, as one text. Whether the connection is kept depends on how much of what follows has arrived.</summary>
    private static string Read(byte[] input, Func<int, int> pieceBelow)
    {
        using var transport = new BytesTransport(input, () => Math.Max(1, pieceBelow(100)));
        using var connection = HttpConnection.Over(transport, Clock.System);
        var problem = connection.Send("GET / HTTP/1.1\r\n\r\n"u8, s_limits, Deadline.Never, Deadline.Never);
        return problem.IsNone
            ? $"{connection.Response.Status} {Convert.ToHexString(connection.Response.Body.Span)}"
            : $"{problem.Fault} {problem.Detail}";
    }
}
