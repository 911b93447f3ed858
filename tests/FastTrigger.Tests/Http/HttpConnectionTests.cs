using System.Net;
using System.Net.Sockets;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

public sealed class HttpConnectionTests
{
    private static readonly byte[] s_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();

    [Fact]
    public async Task A_quiet_connection_is_used_again_C5_3()
    {
        await using var server = SocketServer.Answering(s_answer, s_answer);
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.True(connection.IsReusable(idempotent: false));
        Assert.True(connection.Send().IsNone);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_the_peer_closed_is_not_used_again_C5_3()
    {
        var closed = new TaskCompletionSource();
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(s_answer, token);
            stream.Socket.Shutdown(SocketShutdown.Both);
            closed.SetResult();
        });
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        await closed.Task;
        Assert.True(SpinWait.SpinUntil(() => !connection.IsReusable(idempotent: true), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Unexpected_bytes_end_a_connection_C5_3()
    {
        await using var server = SocketServer.Answering([.. s_answer, .. "HTTP/1.1 200 surprise"u8]);
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.Equal("ok", connection.Response.Text());
        Assert.True(SpinWait.SpinUntil(() => !connection.IsReusable(idempotent: true), TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(4_000, 0, true, true)]
    [InlineData(6_000, 0, true, false)]
    [InlineData(0, 6_000, true, false)]
    [InlineData(59_000, 0, true, false)]
    [InlineData(61_000, 0, false, false)]
    [InlineData(0, 61_000, false, false)]
    public async Task The_larger_idle_time_of_two_clocks_decides_C5_3(long boot, long wall, bool idempotent, bool notIdempotent)
    {
        var clock = new TestClock();
        await using var server = SocketServer.Answering(s_answer);
        using var connection = Exchange.Open(server.Port, clock);
        Assert.True(connection.Send().IsNone);
        clock.BootOffsetMs = boot;
        clock.WallOffsetMs = wall;
        Assert.Equal(idempotent, connection.IsReusable(idempotent: true));
        Assert.Equal(notIdempotent, connection.IsReusable(idempotent: false));
    }

    [Fact]
    public async Task Connection_close_in_an_answer_ends_the_connection()
    {
        await using var server = SocketServer.Answering("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.False(connection.IsReusable(idempotent: true));
    }

    [Fact]
    public void A_port_without_a_listener_is_named()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Null(Open("127.0.0.1", port, out var problem));
        Assert.Equal(HttpFault.Connect, problem.Fault);
        Assert.Contains($"127.0.0.1:{port}", problem.Detail, StringComparison.Ordinal);
        Assert.False(problem.Written);
    }

    [Fact]
    public void An_unknown_host_name_is_named()
    {
        Assert.Null(Open("no-such-host.invalid", 80, out var problem));
        Assert.True(problem.Fault is HttpFault.Resolve or HttpFault.Timeout, problem.Detail);
        Assert.Contains("no-such-host.invalid", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Localhost_is_resolved_by_name()
    {
        await using var server = SocketServer.Answering(s_answer);
        using var connection = Open("localhost", server.Port, out var problem);
        Assert.True(connection is not null, problem.Detail);
        Assert.True(connection.Send().IsNone);
    }

    [Fact]
    public async Task A_write_to_a_peer_that_does_not_read_stops_at_the_deadline()
    {
        await using var server = new SocketServer((_, _, token) => Task.Delay(Timeout.Infinite, token));
        using var connection = Exchange.Open(server.Port);
        var deadline = Deadline.In(Clock.System, 200);
        var problem = connection.Send(new byte[64 * 1024 * 1024], HttpLimits.Aws, deadline, deadline);
        Assert.Equal(HttpFault.Timeout, problem.Fault);
        Assert.True(problem.Written);
    }

    private static HttpConnection? Open(string host, int port, out HttpProblem problem) =>
        HttpConnection.Open(new(false, host, port, "/"), null, HttpProxy.None, Exchange.Soon, Clock.System, out problem);
}
