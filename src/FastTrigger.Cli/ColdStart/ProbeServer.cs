using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// A Runtime API with minimal work between the wire and the clock: one thread, blocking sockets, preallocated buffers. It accepts several
/// connections, because some runtimes use one for GET next and another for POST response.
/// </summary>
internal sealed class ProbeServer : IDisposable
{
    private static readonly byte[] s_accepted = Encoding.ASCII.GetBytes(
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n");

    /// <summary>How long one wait for a socket takes before the process is checked.</summary>
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _open = [];
    private readonly List<Socket> _ready = [];
    private readonly byte[] _buffer = new byte[8 << 20];
    private readonly byte[] _event;
    private Socket? _asking;

    public ProbeServer(byte[] payload)
    {
        _event = payload;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";

    /// <summary>The body of the last POST.</summary>
    public string LastBody { get; private set; } = "";

    /// <summary>Waits for GET next. Returns the Stopwatch ticks of its arrival.</summary>
    /// <param name="hasEnded">Whether the process has ended; called while nothing arrives.</param>
    public long WaitForNext(TimeSpan patience, Func<bool>? hasEnded = null)
    {
        var (line, at, socket) = Receive(patience, "GET next", hasEnded);
        if (!line.StartsWith("GET ", StringComparison.Ordinal) || !line.Contains("/runtime/invocation/next ", StringComparison.Ordinal))
        {
            throw new LabException($"the function sent '{line}' where GET next was expected: {LastBody}");
        }

        _asking = socket;
        return at;
    }

    /// <summary>Answers GET next with the event, or with another. Returns the Stopwatch ticks just before.</summary>
    public long SendEvent(string arn, byte[]? other = null, int seconds = 30)
    {
        var payload = other ?? _event;
        var deadline = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeMilliseconds();
        var head = Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\n"
            + "Content-Type: application/json\r\n"
            + $"Lambda-Runtime-Aws-Request-Id: {Guid.NewGuid()}\r\n"
            + $"Lambda-Runtime-Deadline-Ms: {deadline}\r\n"
            + $"Lambda-Runtime-Invoked-Function-Arn: {arn}\r\n"
            + "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n"
            + $"Content-Length: {payload.Length}\r\n\r\n");
        byte[] message = [.. head, .. payload];
        var at = Stopwatch.GetTimestamp();
        _asking!.Send(message);
        return at;
    }

    /// <summary>Waits for POST response. Returns the Stopwatch ticks when it was complete.</summary>
    public long WaitForResponse(TimeSpan patience, bool answer)
    {
        var (line, at, socket) = Receive(patience, "POST response");
        if (!line.Contains("/response ", StringComparison.Ordinal))
        {
            throw new LabException($"the function did not answer its event: {line.Split(' ').ElementAtOrDefault(1)} {LastBody}");
        }

        if (answer)
        {
            socket.Send(s_accepted);
        }

        return at;
    }

    /// <summary>Waits for POST response or POST error, and accepts it. False for an error, which is the last body.</summary>
    public bool WaitForResult(TimeSpan patience)
    {
        var (line, _, socket) = Receive(patience, "POST response or POST error");
        if (!line.Contains("/response ", StringComparison.Ordinal) && !line.Contains("/error ", StringComparison.Ordinal))
        {
            throw new LabException($"the function sent '{line}' where its result was expected");
        }

        socket.Send(s_accepted);
        return line.Contains("/response ", StringComparison.Ordinal);
    }

    /// <summary>Closes the connections of a process that has ended.</summary>
    public void Reset()
    {
        _open.ForEach(static socket => socket.Dispose());
        _open.Clear();
        _asking = null;
    }

    public void Dispose()
    {
        Reset();
        _listener.Dispose();
    }

    private (string Line, long At, Socket Socket) Receive(TimeSpan patience, string what, Func<bool>? hasEnded = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            _ready.Clear();
            _ready.AddRange(_open);
            _ready.Add(_listener);
            Socket.Select(_ready, null, null, s_pollInterval);
            if (_ready.Count == 0 && hasEnded?.Invoke() == true)
            {
                throw new LabException($"the function ended before it sent {what}");
            }

            if (_ready.Count == 0 && Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new LabException($"the function did not send {what} within {patience.TotalSeconds:0} seconds");
            }

            foreach (var socket in _ready)
            {
                if (socket == _listener)
                {
                    var accepted = _listener.Accept();
                    accepted.NoDelay = true;
                    accepted.ReceiveTimeout = (int)patience.TotalMilliseconds;
                    _open.Add(accepted);
                    // The first request nearly always arrives on the newest connection.
                    if (_ready.Count == 1 && accepted.Poll(200, SelectMode.SelectRead) && ReadRequest(accepted) is { } first)
                    {
                        return (first.Line, first.At, accepted);
                    }
                }
                else if (ReadRequest(socket) is { } request)
                {
                    return (request.Line, request.At, socket);
                }
                else
                {
                    _open.Remove(socket);
                    socket.Dispose();
                    if (_open.Count == 0)
                    {
                        throw new LabException($"the function closed its connection before it sent {what}");
                    }
                }
            }
        }
    }

    /// <summary>Null when the peer closed.</summary>
    private (string Line, long At)? ReadRequest(Socket socket)
    {
        var count = 0;
        var end = -1;
        while (end < 0)
        {
            var received = socket.Receive(_buffer, count, _buffer.Length - count, SocketFlags.None);
            if (received == 0)
            {
                return null;
            }

            count += received;
            end = _buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8);
        }

        var lineEnd = _buffer.AsSpan(0, end).IndexOf((byte)'\r');
        var line = Encoding.ASCII.GetString(_buffer, 0, lineEnd >= 0 ? lineEnd : end);
        var body = BodyLength(Encoding.ASCII.GetString(_buffer, 0, end));
        // Node sends a response of unknown length in chunks.
        while (body >= 0 ? count < end + 4 + body : !_buffer.AsSpan(end + 4, count - end - 4).EndsWith("0\r\n\r\n"u8))
        {
            var received = socket.Receive(_buffer, count, _buffer.Length - count, SocketFlags.None);
            if (received == 0)
            {
                return null;
            }

            count += received;
        }

        var at = Stopwatch.GetTimestamp();
        LastBody = Encoding.UTF8.GetString(_buffer, end + 4, Math.Min(count - end - 4, 2_000));
        return (line, at);
    }

    /// <summary>The length of the body; -1 for a body in chunks.</summary>
    private static int BodyLength(string head)
    {
        foreach (var line in head.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            {
                return int.Parse(line[15..].Trim(), provider: null);
            }

            if (line.StartsWith("transfer-encoding:", StringComparison.OrdinalIgnoreCase))
            {
                return -1;
            }
        }

        return 0;
    }
}
