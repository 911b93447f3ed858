using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

/// <summary>Answers of which two readers could make two things: each is refused, or read as RFC 9110 and RFC 9112 say.</summary>
public sealed class HttpParsingTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n", Chunked = Ok + "Transfer-Encoding: chunked\r\n";

    /// <summary>The letters of a token (RFC 9110, 5.6.2), of which the name of a header consists.</summary>
    [Fact]
    public void A_token_has_letters_digits_and_fifteen_marks()
    {
        const string Letters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (var letter = 0; letter <= byte.MaxValue; letter++)
        {
            Assert.Equal(Letters.Contains((char)letter, StringComparison.Ordinal), HttpRequest.IsToken([(byte)'a', (byte)letter]));
        }

        Assert.False(HttpRequest.IsToken([]));
    }

    /// <summary>The body, and whether the connection may be used again.</summary>
    [Theory]
    [InlineData(Ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", "ab", true)]
    [InlineData(Ok + "Content-Length: 2, 2\r\n\r\nab", "ab", true)]
    [InlineData(Ok + "Content-Length: 02\r\n\r\nab", "ab", true)]
    [InlineData(Ok + "Content-Length: 2\r\n\r\nabHTTP/1.1 200 OK\r\n", "ab", false)]
    [InlineData(Ok + "Content-Length: 0\r\n\r\nab", "", false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nab", "", false)]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", "ab", true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", "ab", false)]
    [InlineData(Ok + "Connection: keep-alive, close\r\nContent-Length: 2\r\n\r\nab", "ab", false)]
    [InlineData(Ok + "Connection: keep-alive\r\nConnection: x,,CLOSE\r\nContent-Length: 2\r\n\r\nab", "ab", false)]
    [InlineData(Ok + "Connection: closed\r\nContent-Length: 2\r\n\r\nab", "ab", true)]
    [InlineData(Ok + "X: a\r\n Content-Length: 7\r\nContent-Length: 2\r\n\r\nab", "ab", true)]
    [InlineData(Ok + "Content-Length:\r\n\t2\r\n\r\nab", "ab", true)]
    [InlineData(Chunked + "\r\n2\r\nab\r\n0\r\n\r\n", "ab", true)]
    [InlineData(Chunked + "\r\n2 ;name=\"v\"\r\nab\r\n0\r\nX: y\r\n\r\n", "ab", true)]
    [InlineData(Chunked + "Content-Length: 9\r\n\r\n2\r\nab\r\n0\r\n\r\n", "ab", false)]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "ab", false)]
    [InlineData(Chunked + "\r\n2\r\nab\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n", "ab", false)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Go\r\n\r\n" + Chunked + "\r\n2\r\nab\r\n0\r\n\r\n", "ab", true)]
    public async Task An_answer_is_read_as_the_RFC_says(string answer, string body, bool isKept)
    {
        await using var server = SocketServer.Answering(Encoding.Latin1.GetBytes(answer));
        using var connection = Exchange.Open(server.Port);
        Assert.Equal(HttpProblem.None, connection.Send());
        Assert.Equal(body, connection.Response.Text());
        Assert.Equal(isKept, connection.IsUsable);
    }

    [Theory]
    [InlineData(Ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc", "is not one number")]
    [InlineData(Ok + "Content-Length: 2, 3\r\n\r\nabc", "is not one number")]
    [InlineData(Ok + "Content-Length: +2\r\n\r\nab", "is not one number")]
    [InlineData(Ok + "Content-Length: 2 2\r\n\r\nab", "is not one number")]
    [InlineData(Ok + "Content-Length: 0x2\r\n\r\nab", "is not one number")]
    [InlineData(Ok + "Content-Length: 99999999999999999999\r\n\r\nab", "is not one number")]
    [InlineData(Ok + "Content-Length: \r\n\r\nab", "is not one number")]
    [InlineData(Ok + "Content-Length : 2\r\n\r\nab", "header line 1 of the answer does not begin with a name and a colon")]
    [InlineData(Ok + " Content-Length: 2\r\n\r\nab", "header line 1 of the answer does not begin with a name and a colon")]
    [InlineData(Ok + "X: y\r\nContent-Length 2\r\n\r\nab", "header line 2 of the answer does not begin with a name and a colon")]
    [InlineData(Ok + ": 2\r\n\r\nab", "does not begin with a name and a colon")]
    [InlineData(Ok + "X: y\rContent-Length: 2\r\n\r\nab", "carriage return or a NUL")]
    [InlineData(Ok + "X: y\r\r\nContent-Length: 2\r\n\r\nab", "carriage return or a NUL")]
    [InlineData(Ok + "X: y\0z\r\nContent-Length: 2\r\n\r\nab", "carriage return or a NUL")]
    [InlineData(Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "'gzip, chunked' was not asked for")]
    [InlineData(Ok + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "was not asked for")]
    [InlineData(Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "was not asked for")]
    [InlineData(Ok + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "was not asked for")]
    [InlineData(Chunked + "\r\n+2\r\nab\r\n0\r\n\r\n", "not a hexadecimal number")]
    [InlineData(Chunked + "\r\n 2\r\nab\r\n0\r\n\r\n", "not a hexadecimal number")]
    [InlineData(Chunked + "\r\n\r\nab\r\n0\r\n\r\n", "not a hexadecimal number")]
    [InlineData(Chunked + "\r\n2;a\rb\r\nab\r\n0\r\n\r\n", "carriage return in it")]
    [InlineData("HTTP/1.1 +20 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.1 200OK\r\n\r\n", "status line")]
    [InlineData("HTTP/1.x 200 OK\r\n\r\n", "status line")]
    [InlineData("HTTP/2 200 OK\r\n", "status line")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", "status line")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "status line")]
    [InlineData("\0\0\u0012\u0004\0\0\0\0\0\0\u0003\0\0\0\u0080", "HTTP/2")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", "switches to another protocol")]
    public async Task What_could_be_read_in_two_ways_is_refused(string answer, string reason)
    {
        // The server leaves the connection open, so that the end of the answer refuses nothing.
        await using var server = SocketServer.Answering(Encoding.Latin1.GetBytes(answer));
        using var connection = Exchange.Open(server.Port);
        var problem = connection.Send();
        Assert.Equal(HttpFault.Malformed, problem.Fault);
        Assert.Contains(reason, problem.Detail, StringComparison.Ordinal);
        Assert.True(problem.Written);
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task Each_header_of_a_name_is_found_in_order()
    {
        await using var server = SocketServer.Answering(
            Encoding.ASCII.GetBytes(Ok + "Set-Cookie: a\r\nX: y\r\nset-cookie:b\r\nContent-Length: 0\r\n\r\n"));
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        var found = new List<string>();
        var at = 0;
        while (connection.Response.TryGetHeader("set-cookie"u8, ref at, out var value))
        {
            found.Add(Encoding.ASCII.GetString(value));
        }

        Assert.Equal(["a", "b"], found);
    }
}
