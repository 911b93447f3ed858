using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>One HTTP/1.1 connection, plain or with verified TLS, direct or through a proxy. It sends one request at a time.</summary>
internal sealed class HttpConnection : IDisposable
{
    /// <summary>How long a peer may take to start its answer (C5.3).</summary>
    public const int FirstByteMs = 10_000;

    private readonly Transport _transport;
    private readonly Clock _clock;
    private long _idleSinceBoot, _idleSinceWall;

    private HttpConnection(Transport transport, Clock clock)
    {
        _transport = transport;
        _clock = clock;
        BecomeIdle();
    }

    /// <summary>False after a failure, or after the peer announced that it closes the connection.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Days until the peer's certificate expires; null without TLS.</summary>
    public int? CertificateDaysLeft => (_transport as TlsTransport)?.CertificateDaysLeft();

    /// <summary>The last answer. The next request overwrites it.</summary>
    public HttpResponse Response { get; } = new();

    /// <summary>Opens a plain connection whose requests wait for answers without a deadline, so that a read is one system call.</summary>
    public static HttpConnection? OpenWaiting(Origin origin, Deadline deadline, Clock clock, out HttpProblem problem)
    {
        var tcp = TcpTransport.Connect(origin.Host, origin.Port, deadline, clock, out problem);
        tcp?.StopPolling();
        return tcp is null ? null : new(tcp, clock);
    }

    /// <summary>A connection over a transport that is already connected.</summary>
    public static HttpConnection Over(Transport transport, Clock clock) => new(transport, clock);

    /// <param name="trust">Loads the trusted roots. It is called for https only, and after the TCP connection is open.</param>
    /// <param name="resume">Whether an earlier TLS session with the same peer may replace its certificate.</param>
    public static HttpConnection? Open(
        Origin origin,
        TrustSource? trust,
        HttpProxy proxy,
        Deadline deadline,
        Clock clock,
        out HttpProblem problem,
        bool resume = false)
    {
        var tcp = Reach(origin, proxy, deadline, clock, out problem);
        if (tcp is null || !origin.Tls)
        {
            return tcp is null ? null : new(tcp, clock);
        }

        var tls = BeginTls(tcp, origin, trust!, resume, out problem);
        if (tls is not null)
        {
            problem = tls.Complete(deadline);
        }

        return tls is null || !problem.IsNone ? null : new(tls, clock);
    }

    /// <summary>Opens the socket to a peer, directly or through its proxy, without TLS.</summary>
    public static TcpTransport? Reach(Origin origin, HttpProxy proxy, Deadline deadline, Clock clock, out HttpProblem problem)
    {
        var via = proxy.For(origin);
        var tcp = TcpTransport.Connect(via?.Host ?? origin.Host, via?.Port ?? origin.Port, deadline, clock, out problem);
        if (tcp is null)
        {
            return null;
        }

        if (via is not null)
        {
            problem = Tunnel(tcp, proxy, origin, deadline, clock);
            if (!problem.IsNone)
            {
                tcp.Dispose();
                return null;
            }
        }

        return tcp;
    }

    /// <summary>Prepares TLS over such a socket, and sends nothing yet.</summary>
    public static TlsTransport? BeginTls(TcpTransport tcp, Origin origin, TrustSource trust, bool resume, out HttpProblem problem)
    {
        if (trust(out var wrong) is { } context)
        {
            return TlsTransport.Begin(tcp, context, origin.Host, resume ? origin.Authority : null, out problem);
        }

        tcp.Dispose();
        problem = new(HttpFault.Tls, wrong);
        return null;
    }

    /// <summary>
    /// Whether the next request may use this connection (C5.3). The connection must be quiet. It may be idle for less than 60 s
    /// before a call that may be repeated, and less than 5 s before any other call.
    /// The environment may be frozen in between, so the larger of two clocks counts.
    /// </summary>
    public bool IsReusable(bool idempotent)
    {
        var idle = Math.Max(_clock.BootMs - _idleSinceBoot, _clock.UnixMs - _idleSinceWall);
        return IsUsable && idle < (idempotent ? 60_000 : 5_000) && _transport.IsQuiet();
    }

    /// <summary>Sends a whole request and reads the whole answer into <see cref="Response"/>.</summary>
    /// <param name="firstByte">When to stop waiting for a peer that sends no byte of its answer.</param>
    public HttpProblem Send(ReadOnlySpan<byte> request, HttpLimits limits, Deadline firstByte, Deadline deadline, bool bodyExpected = true)
    {
        IsUsable = false;
        var result = _transport.Write(request, deadline, out var written);
        if (result != IoResult.Ok)
        {
            return result == IoResult.TimedOut
                ? new(HttpFault.Timeout, "the request was not written before the deadline", written > 0)
                : new(HttpFault.Reset, "the connection broke while the request was written: " + _transport.Failure, written > 0);
        }

        var problem = Response.Read(_transport, limits, firstByte, deadline, bodyExpected);
        IsUsable = problem.IsNone && Response.KeepAlive;
        BecomeIdle();
        return problem;
    }

    public void Dispose() => _transport.Dispose();

    private static HttpProblem Tunnel(TcpTransport tcp, HttpProxy proxy, Origin origin, Deadline deadline, Clock clock)
    {
        var name = proxy.For(origin)!.Authority;
        if (tcp.Write(proxy.ConnectRequest(origin, new ByteBuffer(256)).Span, deadline, out _) != IoResult.Ok)
        {
            return new(HttpFault.Proxy, $"the proxy {name} did not accept the request");
        }

        var answer = new HttpResponse();
        var problem = answer.Read(tcp, HttpLimits.Aws, deadline.AtMost(clock, FirstByteMs), deadline, bodyExpected: false);
        if (!problem.IsNone)
        {
            return new(HttpFault.Proxy, $"the proxy {name}: {problem.Detail}");
        }

        return answer.Status is >= 200 and < 300
            ? HttpProblem.None
            : new(HttpFault.Proxy, $"the proxy {name} answered {answer.Status} to CONNECT {origin.Host}:{origin.Port}");
    }

    private void BecomeIdle()
    {
        _idleSinceBoot = _clock.BootMs;
        _idleSinceWall = _clock.UnixMs;
    }
}
