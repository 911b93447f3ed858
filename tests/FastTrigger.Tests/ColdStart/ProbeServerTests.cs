using System.Net;
using System.Net.Sockets;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

/// <summary>The laboratory's Runtime API, with the behaviour of other runtimes.</summary>
public sealed class ProbeServerTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    public async Task An_answer_may_come_on_another_connection_in_pieces_and_in_chunks(string response)
    {
        using var server = new ProbeServer("{}"u8.ToArray());
        using var asking = await ConnectAsync(server);
        using var answering = await ConnectAsync(server);
        var runtime = Task.Run(async () =>
        {
            await asking.SendAsync(Encoding.ASCII.GetBytes("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"));
            var buffer = new byte[4096];
            var count = await asking.ReceiveAsync(buffer);
            foreach (var piece in Encoding.ASCII.GetBytes(response).Chunk(7))
            {
                await answering.SendAsync(piece);
            }

            return Encoding.ASCII.GetString(buffer, 0, count);
        });
        var asked = server.WaitForNext(s_timeout);
        var sent = server.SendEvent("arn:aws:lambda:us-east-1:123456789012:function:f");
        var answered = server.WaitForResponse(s_timeout, answer: false);
        Assert.True(asked <= sent && sent <= answered);
        var next = await runtime;
        Assert.Contains("Lambda-Runtime-Aws-Request-Id: ", next, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{}", next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_in_place_of_an_answer_is_reported()
    {
        using var server = new ProbeServer("{}"u8.ToArray());
        using var runtime = await ConnectAsync(server);
        await runtime.SendAsync(Encoding.ASCII.GetBytes("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n"));
        server.WaitForNext(s_timeout);
        server.SendEvent("arn");
        const string Body = "{\"errorType\":\"E\"}";
        const string Request = "POST /2018-06-01/runtime/invocation/x/error HTTP/1.1\r\nContent-Length: 17\r\n\r\n" + Body;
        await runtime.SendAsync(Encoding.ASCII.GetBytes(Request));
        var exception = Assert.Throws<LabException>(() => server.WaitForResponse(s_timeout, answer: false));
        Assert.Contains("/error " + Body, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_ends_is_reported_at_once()
    {
        using var server = new ProbeServer("{}"u8.ToArray());
        (await ConnectAsync(server)).Dispose();
        var exception = Assert.Throws<LabException>(() => server.WaitForNext(s_timeout));
        Assert.Contains("closed its connection", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<Socket> ConnectAsync(ProbeServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPEndPoint.Parse(server.Address));
        return socket;
    }
}
