using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

public sealed class HttpResponseTests
{
    private const string Sized =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nlambda-runtime-AWS-request-ID:  abc-1 \r\nContent-Length: 11\r\n\r\n"
            + "hello world";

    private const string Chunked =
        "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n"
            + "5;name=value\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nTrailer: x\r\n\r\n";

    public static TheoryData<string> WholeAnswers =>
    [
        Sized,
        Chunked,
        "HTTP/1.1 100 Continue\r\n\r\n" + Sized,
        Sized.Replace("\r\n", "\n", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(WholeAnswers))]
    public async Task An_answer_may_be_split_at_any_byte(string answer)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);
        await using var server = new SocketServer(async (index, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(bytes.AsMemory(0, index), token);
            await Task.Yield();
            await stream.WriteAsync(bytes.AsMemory(index), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        for (var split = 0; split < bytes.Length; split++)
        {
            using var connection = Exchange.Open(server.Port);
            Assert.Equal(HttpProblem.None, connection.Send());
            Assert.Equal(200, connection.Response.Status);
            Assert.Equal("hello world", connection.Response.Text());
        }
    }

    [Fact]
    public async Task Header_names_are_compared_without_case_and_values_are_trimmed()
    {
        await using var server = SocketServer.Answering(Encoding.ASCII.GetBytes(Sized));
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.Equal("abc-1", connection.Response.Header("lambda-runtime-aws-request-id"u8));
        Assert.Null(connection.Response.Header("lambda-runtime"u8));
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", HttpFault.TooLarge)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n", HttpFault.TooLarge)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", HttpFault.Malformed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", HttpFault.Reset)]
    [InlineData("", HttpFault.Reset)]
    public async Task An_incomplete_or_invalid_answer_is_a_problem(string answer, object fault)
    {
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
        });
        using var connection = Exchange.Open(server.Port);
        var problem = connection.Send(new HttpLimits(1000, 100));
        Assert.Equal(fault, problem.Fault);
        Assert.True(problem.Written);
    }

    [Fact]
    public async Task A_header_over_its_limit_is_refused()
    {
        await using var server = SocketServer.Answering(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nX: " + new string('x', 2000)));
        using var connection = Exchange.Open(server.Port);
        Assert.Equal(HttpFault.TooLarge, connection.Send(new HttpLimits(1000, 100)).Fault);
    }

    [Fact]
    public async Task A_body_without_a_length_ends_with_the_connection()
    {
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.0 200 OK\r\n\r\nall of it"u8.ToArray(), token);
        });
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.Equal("all of it", connection.Response.Text());
        Assert.False(connection.IsReusable(idempotent: true));
    }

    [Fact]
    public async Task A_body_of_six_megabytes_is_complete_and_its_buffer_is_released()
    {
        var body = new byte[6 * 1024 * 1024];
        new Random(1).NextBytes(body);
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n").Concat(body).ToArray();
        await using var server = SocketServer.Answering(answer, Encoding.ASCII.GetBytes(Sized));
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.True(connection.Response.Body.Span.SequenceEqual(body));
        Assert.True(connection.Send().IsNone);
        Assert.Equal("hello world", connection.Response.Text());
    }

    [Fact]
    public async Task A_peer_without_a_first_byte_in_time_is_reported_as_silent()
    {
        await using var server = new SocketServer((_, _, token) => Task.Delay(Timeout.Infinite, token));
        using var connection = Exchange.Open(server.Port);
        var problem = connection.Send(Exchange.Get, HttpLimits.Aws, Deadline.In(Clock.System, 50), Exchange.Soon);
        Assert.Equal(HttpFault.Silent, problem.Fault);
    }
}
