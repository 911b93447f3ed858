using System.Net;
using System.Net.Sockets;
using FastTrigger.Cli.Chaos.Wire;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Chaos;

/// <summary>Each fault of a wire, as both ends see it.</summary>
public sealed class WireProxyTests
{
    private const string Question = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nopen", Answer = "HTTP/1.1 200 OK\r\n\r\n";

    [Fact]
    public async Task Without_a_fault_all_bytes_pass()
    {
        await using var wire = new Wire();
        Assert.Equal((Answer, "end"), await wire.AskAsync());
        Assert.Equal([Question], wire.Received);
    }

    [Theory]
    [InlineData(false, 0.0, "", 0)]
    [InlineData(false, 1.0, Answer, 1)]
    [InlineData(true, 0.0, "", 1)]
    [InlineData(true, 0.5, "HTTP/1.1 2", 1)]
    public async Task A_reset_comes_before_the_bytes_or_after_them(bool onAnswer, double position, string seen, int received)
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new(WireFaultKind.Reset, onAnswer, position));
        var (answer, end) = await wire.AskAsync();
        // Bytes that a reset overtakes may be lost, and an answer may be faster than it.
        Assert.StartsWith(answer, seen, StringComparison.Ordinal);
        Assert.Equal("reset", end);
        await wire.Ended.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(received, wire.Received.Count(text => text == Question));
    }

    [Fact]
    public async Task A_truncated_answer_ends_in_its_middle()
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new(WireFaultKind.Truncate, OnAnswer: true, Position: 0.5));
        Assert.Equal(("HTTP/1.1 2", "end"), await wire.AskAsync());
    }

    [Fact]
    public async Task A_half_closed_wire_brings_the_request_and_no_answer()
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new(WireFaultKind.HalfClose, OnAnswer: true));
        Assert.Equal(("", "end"), await wire.AskAsync());
        Assert.Equal([Question], wire.Received);
    }

    [Fact]
    public async Task A_corrupted_piece_differs_in_one_bit()
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new(WireFaultKind.Corrupt, OnAnswer: true, Position: 0, Bit: 1));
        Assert.Equal("J" + Answer[1..], (await wire.AskAsync()).Answer);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public async Task A_duplicated_request_arrives_twice_and_is_answered_once(double position)
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new(WireFaultKind.Duplicate, OnAnswer: false, Position: position));
        Assert.Equal((Answer, "end"), await wire.AskAsync());
        await wire.Answered.WaitAsync(TestContext.Current.CancellationToken);
        await wire.Answered.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Question, Question], wire.Received);
    }

    [Fact]
    public async Task A_split_or_joined_piece_is_whole()
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new(WireFaultKind.Split, OnAnswer: false));
        wire.Faults.Arm(new(WireFaultKind.Join, OnAnswer: true, Milliseconds: 1));
        Assert.Equal((Answer, "end"), await wire.AskAsync());
        Assert.Equal([Question], wire.Received);
    }

    [Theory]
    [InlineData(WireFaultKind.ResetIdle, "reset")]
    [InlineData(WireFaultKind.CloseIdle, "end")]
    public async Task A_kept_connection_is_gone_when_it_is_used_again(object kind, string end)
    {
        await using var wire = new Wire();
        wire.Faults.Arm(new((WireFaultKind)kind, OnAnswer: false));
        Assert.Equal((Answer, end), await wire.AskAsync(times: 2));
        Assert.Equal([Question], wire.Received);
        Assert.Equal(1, wire.Faults.Happened[(WireFaultKind)kind]);
    }

    [Fact]
    public void A_fault_waits_for_a_piece_that_it_may_befall()
    {
        var faults = new WireFaults(static (_, piece) => piece.Span.StartsWith("no"u8));
        faults.Arm(new(WireFaultKind.Delay, OnAnswer: false));
        Assert.Null(faults.Take(onAnswer: false, isKept: false, "none"u8.ToArray()));
        Assert.Null(faults.Take(onAnswer: true, isKept: false, "yes"u8.ToArray()));
        Assert.NotNull(faults.Take(onAnswer: false, isKept: false, "yes"u8.ToArray()));
        Assert.Null(faults.Take(onAnswer: false, isKept: false, "yes"u8.ToArray()));
    }

    [Fact]
    public async Task A_client_says_by_CONNECT_which_server_it_wants()
    {
        await using var wire = new Wire(connects: true);
        Assert.Equal(("HTTP/1.1 200 Connection established\r\n\r\n" + Answer, "end"), await wire.AskAsync());
        Assert.Equal([Question], wire.Received);
    }

    /// <summary>A client, a wire and a server that answers each question.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly SocketServer _server;
        private readonly WireProxy _proxy;
        private readonly bool _connects;
        public Wire(bool connects = false)
        {
            _connects = connects;
            _server = new(async (_, stream, token) =>
            {
                try
                {
                    while (await SocketServer.ReadRequestAsync(stream, token) is { } request)
                    {
                        Received.Enqueue(request);
                        await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer), token);
                        Answered.Release();
                    }
                }
                catch (IOException)
                {
                    // The wire was reset.
                }

                Ended.Release();
            });
            _proxy = new(() => connects ? null : _server.Port, Faults);
        }

        public WireFaults Faults { get; } = new();

        /// <summary>Each answer of the server.</summary>
        public SemaphoreSlim Answered { get; } = new(0);

        /// <summary>Each connection of the server that has ended.</summary>
        public SemaphoreSlim Ended { get; } = new(0);

        public System.Collections.Concurrent.ConcurrentQueue<string> Received { get; } = new();

        /// <summary>Sends questions on one connection. Returns all that came back, and how the connection ended.</summary>
        public async Task<(string Answer, string End)> AskAsync(int times = 1)
        {
            var token = TestContext.Current.CancellationToken;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.Port), token);
            var all = new StringBuilder();
            try
            {
                if (_connects)
                {
                    await SendAsync($"CONNECT pump.example:{_server.Port} HTTP/1.1\r\nHost: pump.example\r\n\r\n");
                    await ReceiveAsync(all.Length + 1);
                }

                for (var i = 0; i < times; i++)
                {
                    var before = all.Length;
                    await SendAsync(Question);
                    if (i < times - 1)
                    {
                        await ReceiveAsync(before + Answer.Length);
                    }
                }

                socket.Shutdown(SocketShutdown.Send);
                await ReceiveAsync(int.MaxValue);
                return (all.ToString(), "end");
            }
            catch (SocketException)
            {
                return (all.ToString(), "reset");
            }

            async Task SendAsync(string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), token);

            async Task ReceiveAsync(int length)
            {
                var buffer = new byte[1024];
                while (all.Length < length && await socket.ReceiveAsync(buffer, token) is > 0 and var count)
                {
                    all.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _proxy.DisposeAsync();
            await _server.DisposeAsync();
            Answered.Dispose();
            Ended.Dispose();
        }
    }
}
