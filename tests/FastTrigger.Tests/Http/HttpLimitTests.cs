using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

/// <summary>A limit bounds the memory that an answer takes, and not only the body that comes out of it.</summary>
public sealed class HttpLimitTests
{
    private const int Megabyte = 1024 * 1024;

    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly HttpLimits s_limits = new(64 * 1024, Megabyte);

    [Theory]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n", "interim answers")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", "interim answers")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: y\r\n", "header is over 65536 bytes")]
    [InlineData("HTTP/1.1 200 OK\r\nX: y\r\n", " folded\r\n", "header is over 65536 bytes")]
    [InlineData(Chunked, "1;a-long-name=a-long-value\r\nx\r\n", "chunk framing is over 65536")]
    [InlineData(Chunked + "1;", "endless", "a line between chunks is over 4096 bytes")]
    [InlineData(Chunked + "0\r\n", "X: y\r\n", "trailer is over 65536 bytes")]
    [InlineData(Chunked, "1\r\nx\r\n", "body is over 1048576 bytes")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "body", "body is over 1048576 bytes")]
    public async Task What_never_ends_stops_at_its_limit(string start, string repeated, string reason)
    {
        await using var server = Endless(start, repeated);
        using var connection = Exchange.Open(server.Port);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = connection.Send(s_limits);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(reason.StartsWith("a line", StringComparison.Ordinal) ? HttpFault.Malformed : HttpFault.TooLarge, problem.Fault);
        Assert.Contains(reason, problem.Detail, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 2 * Megabyte);
    }

    [Fact]
    public async Task Large_interim_answers_share_the_limit_of_the_header()
    {
        await using var server = Endless("", "HTTP/1.1 103 Early Hints\r\nLink: " + new string('x', 8_000) + "\r\n\r\n");
        using var connection = Exchange.Open(server.Port);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("header is over 65536 bytes", connection.Send(s_limits).Detail, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024);
    }

    [Fact]
    public async Task A_body_of_the_limit_in_chunks_of_one_byte_takes_little_more_than_its_size()
    {
        var answer = new StringBuilder(Chunked).Insert(0, "HTTP/1.1 102 Wait\r\n\r\n", 20);
        for (var i = 0; i < Megabyte; i++)
        {
            answer.Append("1\r\n").Append((char)('a' + (i % 26))).Append("\r\n");
        }

        await using var server = SocketServer.Answering(Encoding.ASCII.GetBytes(answer.Append("0\r\n\r\n").ToString()));
        using var connection = Exchange.Open(server.Port);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(HttpProblem.None, connection.Send(s_limits));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Megabyte, Megabyte * 7 / 4);
        Assert.Equal(Megabyte, connection.Response.Body.Length);
        for (var i = 0; i < Megabyte; i += 4_099)
        {
            Assert.Equal('a' + (i % 26), connection.Response.Body.Span[i]);
        }
    }

    /// <summary>Sends until the client closes the connection, which is what it does after a problem.</summary>
    private static SocketServer Endless(string start, string repeated) => new(async (_, stream, token) =>
    {
        await SocketServer.ReadRequestAsync(stream, token);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start), token);
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(repeated, 1 + (32_768 / repeated.Length))));
        // An end, for a client without limits.
        for (var sent = 0L; sent < 64L * Megabyte; sent += bytes.Length)
        {
            await stream.WriteAsync(bytes, token);
        }
    });
}
