using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>One connection of a client, and the connection to the server that stands behind it.</summary>
/// <param name="target">The server's port on loopback; null for the one that the client asks for by CONNECT.</param>
internal sealed class WireConnection(Socket client, int? target, WireFaults faults) : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _isKept;
    private int _port;

    /// <summary>Forwards until both directions have ended.</summary>
    public async Task RunAsync()
    {
        client.NoDelay = true;
        try
        {
            _port = target ?? await AskForPortAsync();
            await _server.ConnectAsync(IPAddress.Loopback, _port);
            if (target is null)
            {
                await SendAsync(client, "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
            }

            await Task.WhenAll(PumpAsync(client, _server, onAnswer: false), PumpAsync(_server, client, onAnswer: true));
            client.Dispose();
            _server.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    /// <summary>Resets both connections: with a linger time of 0, closing a socket sends RST.</summary>
    public void Dispose()
    {
        foreach (var socket in (ReadOnlySpan<Socket>)[client, _server])
        {
            try
            {
                socket.LingerState = new(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            socket.Dispose();
        }
    }

    /// <summary>Reads CONNECT HOST:PORT (RFC 9110, 9.3.6). The host is this machine, whatever its name is.</summary>
    private async Task<int> AskForPortAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(await client.ReceiveAsync(one) > 0 ? (char)one[0] : throw new SocketException((int)SocketError.ConnectionReset));
        }

        var authority = head.ToString().Split(' ')[1];
        return int.TryParse(authority[(authority.LastIndexOf(':') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new SocketException((int)SocketError.ConnectionReset);
    }

    private async Task PumpAsync(Socket from, Socket to, bool onAnswer)
    {
        try
        {
            var buffer = new byte[PieceBytes];
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                var piece = buffer.AsMemory(0, count);
                var fault = faults.Take(onAnswer, _isKept, piece);
                // Before the client has the answer: its next request may be there at once.
                _isKept |= onAnswer;
                if (!(fault is null ? await SendAsync(to, piece) : await ApplyAsync(fault, from, to, buffer, count)))
                {
                    return;
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    /// <summary>False when this direction is over.</summary>
    private async Task<bool> ApplyAsync(WireFault fault, Socket from, Socket to, byte[] buffer, int count)
    {
        var piece = buffer.AsMemory(0, count);
        var at = (int)Math.Round(fault.Position * count);
        switch (fault.Kind)
        {
            case WireFaultKind.Reset:
                await SendAsync(to, piece[..at]);
                Dispose();
                return false;
            case WireFaultKind.ResetIdle:
                Dispose();
                return false;
            case WireFaultKind.CloseIdle:
                Close();
                return false;
            case WireFaultKind.Truncate:
                await SendAsync(to, piece[..at]);
                Close();
                return false;
            case WireFaultKind.HalfClose:
                await SendAsync(to, piece[..at]);
                to.Shutdown(SocketShutdown.Send);
                await DiscardAsync(from);
                return false;
            case WireFaultKind.Delay:
                await Task.Delay(fault.Milliseconds);
                break;
            case WireFaultKind.Corrupt:
                buffer[Math.Min(at, count - 1)] ^= (byte)(1 << fault.Bit);
                break;
            case WireFaultKind.Duplicate when piece.Span.StartsWith("POST "u8):
                await RepeatAsync(piece, answered: fault.Position < 0.5);
                break;
            case WireFaultKind.Duplicate:
                await SendAsync(to, piece);
                break;
            case WireFaultKind.Split:
                for (var i = 0; i < count - 1; i++)
                {
                    await SendAsync(to, piece.Slice(i, 1));
                }

                piece = piece[^1..];
                break;
            case WireFaultKind.Join:
                await Task.Delay(fault.Milliseconds);
                var more = from.Available > 0 ? await from.ReceiveAsync(buffer.AsMemory(count)) : 0;
                piece = buffer.AsMemory(0, count + more);
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind} is no fault of a wire");
        }

        return await SendAsync(to, piece);
    }

    /// <summary>Closes both connections in order: each side sees the end of what it reads.</summary>
    private void Close()
    {
        client.Shutdown(SocketShutdown.Both);
        _server.Shutdown(SocketShutdown.Both);
    }

    /// <summary>Sends a request to the server by a connection of its own, as an impatient proxy does.</summary>
    /// <param name="answered">Whether the server has answered it before the original is forwarded.</param>
    private async Task RepeatAsync(Memory<byte> request, bool answered)
    {
        var copy = request.ToArray();
        var sending = Task.Run(async () =>
        {
            using var second = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await second.ConnectAsync(IPAddress.Loopback, _port);
            await SendAsync(second, copy);
            await second.ReceiveAsync(new byte[PieceBytes]);
        });
        if (answered)
        {
            await sending;
        }
        else
        {
            // What happens to the copy is the server's affair.
            _ = sending.ContinueWith(static failed => failed.Exception, TaskContinuationOptions.OnlyOnFaulted);
        }
    }

    private static async Task DiscardAsync(Socket from)
    {
        var buffer = new byte[PieceBytes];
        while (await from.ReceiveAsync(buffer) > 0)
        {
        }
    }

    private static async Task<bool> SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes)..];
        }

        return true;
    }
}
