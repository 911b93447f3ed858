using System.Runtime.InteropServices;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>TLS over a connected socket. The peer is verified before the first byte of a request is written.</summary>
internal sealed unsafe class TlsTransport : Transport
{
    private readonly TcpTransport _tcp;
    private readonly TlsContext _context;
    private readonly string _host;
    private readonly string? _resumeAs;
    private nint _ssl;
    private bool _isOpen, _sentHello;
    private int _reason;

    private TlsTransport(TcpTransport tcp, TlsContext context, string host, string? resumeAs)
    {
        _tcp = tcp;
        _context = context;
        _host = host;
        _resumeAs = resumeAs;
        _ssl = OpenSsl.SSL_new(context.Handle);
    }

    /// <summary>Prepares a handshake over <paramref name="tcp"/>. On failure it closes the socket.</summary>
    /// <param name="resumeAs">
    /// The peer's name for keeping and resuming its session. The next handshake then verifies no certificate, because the peer proves
    /// that it is the one that showed its certificate before. Null to verify the certificate each time.
    /// </param>
    public static TlsTransport? Begin(TcpTransport tcp, TlsContext context, string host, string? resumeAs, out HttpProblem problem)
    {
        problem = HttpProblem.None;
        OpenSsl.ERR_clear_error();
        var transport = new TlsTransport(tcp, context, host, resumeAs);
        if (transport.SetPeerName() && transport.ResumeSession())
        {
            return transport;
        }

        problem = new(HttpFault.Tls, $"TLS could not be set up for {host}: {OpenSsl.TakeError()}");
        transport.Dispose();
        return null;
    }

    /// <summary>
    /// Sends the first message of the handshake and returns at once, so that the caller can work until the peer answers.
    /// <see cref="Complete"/> reads the answer, because the roots may not be loaded yet. Until then the handshake reads an empty buffer.
    /// </summary>
    public void SendHello()
    {
        OpenSsl.SSL_set0_rbio(_ssl, OpenSsl.BIO_new(OpenSsl.BIO_s_mem()));
        OpenSsl.ERR_clear_error();
        _ = OpenSsl.SSL_connect(_ssl);
        _sentHello = true;
    }

    /// <summary>Loads the roots and completes the handshake. On failure it closes the connection.</summary>
    public HttpProblem Complete(Deadline deadline)
    {
        HttpProblem problem;
        if (!_context.LoadRoots(out var wrong))
        {
            problem = new(HttpFault.Tls, wrong);
        }
        else if (_sentHello && OpenSsl.SSL_set_rfd(_ssl, _tcp.Descriptor) != 1)
        {
            problem = new(HttpFault.Tls, $"TLS could not be set up for {_host}: {OpenSsl.TakeError()}");
        }
        else
        {
            problem = Handshake(deadline);
        }

        _isOpen = problem.IsNone;
        if (!_isOpen)
        {
            Dispose();
        }

        return problem;
    }

    /// <summary>Days until the peer's certificate expires; null when the peer sent none.</summary>
    public int? CertificateDaysLeft()
    {
        var certificate = OpenSsl.SSL_get1_peer_certificate(_ssl);
        if (certificate == 0)
        {
            return null;
        }

        int days, seconds;
        var known = OpenSsl.ASN1_TIME_diff(&days, &seconds, 0, OpenSsl.X509_get0_notAfter(certificate));
        OpenSsl.X509_free(certificate);
        return known == 1 ? days : null;
    }

    public override IoResult Read(Span<byte> buffer, Deadline deadline, out int count)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                OpenSsl.ERR_clear_error();
                count = OpenSsl.SSL_read(_ssl, start, buffer.Length);
                if (count > 0)
                {
                    return IoResult.Ok;
                }

                var result = AfterError(count, deadline);
                count = 0;
                if (result != IoResult.Ok)
                {
                    return result;
                }
            }
        }
    }

    public override IoResult Write(ReadOnlySpan<byte> bytes, Deadline deadline, out int count)
    {
        count = 0;
        fixed (byte* start = bytes)
        {
            while (count < bytes.Length)
            {
                OpenSsl.ERR_clear_error();
                var sent = OpenSsl.SSL_write(_ssl, start + count, bytes.Length - count);
                if (sent > 0)
                {
                    count += sent;
                    continue;
                }

                var result = AfterError(sent, deadline);
                if (result != IoResult.Ok)
                {
                    // Part of a record may have been sent, so the peer may have received some of it.
                    count = Math.Max(count, 1);
                    return result;
                }
            }
        }

        return IoResult.Ok;
    }

    /// <summary>Also reads pending session tickets. They are not an answer, and they do not mean that the peer has closed.</summary>
    public override bool IsQuiet()
    {
        byte one;
        OpenSsl.ERR_clear_error();
        var seen = OpenSsl.SSL_peek(_ssl, &one, 1);
        return seen <= 0 && OpenSsl.SSL_get_error(_ssl, seen) == OpenSsl.ErrorWantRead;
    }

    public override void Dispose()
    {
        if (_ssl != 0)
        {
            KeepSession();
            OpenSsl.SSL_free(_ssl);
            _ssl = 0;
        }

        _tcp.Dispose();
    }

    private bool SetPeerName()
    {
        if (_ssl == 0)
        {
            return false;
        }

        fixed (byte* name = Libc.ZeroTerminated(_host.AsSpan().Trim("[]")))
        {
            if (AddressList.IsLiteral(_host))
            {
                // The address is compared with the certificate's addresses. SNI does not allow an address (RFC 6066, 3).
                return OpenSsl.X509_VERIFY_PARAM_set1_ip_asc(OpenSsl.SSL_get0_param(_ssl), name) == 1
                    && OpenSsl.SSL_set_fd(_ssl, _tcp.Descriptor) == 1;
            }

            // Only the names in the subjectAltName count, and * is a whole label (RFC 9525, 2 and 6.3).
            OpenSsl.SSL_set_hostflags(_ssl, OpenSsl.NoPartialWildcards | OpenSsl.NeverCheckSubject);
            return OpenSsl.SSL_ctrl(_ssl, OpenSsl.ControlHostName, 0, name) == 1
                && OpenSsl.SSL_set1_host(_ssl, name) == 1
                && OpenSsl.SSL_set_fd(_ssl, _tcp.Descriptor) == 1;
        }
    }

    private bool ResumeSession()
    {
        if (_resumeAs is null || _context.TakeSession(_resumeAs) is not (not 0 and var session))
        {
            return true;
        }

        // A peer that no longer knows the session makes a full handshake.
        var taken = OpenSsl.SSL_set_session(_ssl, session) == 1;
        OpenSsl.SSL_SESSION_free(session);
        return taken;
    }

    private void KeepSession()
    {
        if (_resumeAs is null || !_isOpen)
        {
            return;
        }

        // Without this, OpenSSL treats the end of the connection as a failure and drops the session.
        OpenSsl.SSL_set_shutdown(_ssl, OpenSsl.SentShutdown);
        var session = OpenSsl.SSL_get1_session(_ssl);
        if (session != 0 && OpenSsl.SSL_SESSION_is_resumable(session) == 1)
        {
            _context.KeepSession(_resumeAs, session);
        }
        else if (session != 0)
        {
            OpenSsl.SSL_SESSION_free(session);
        }
    }

    private HttpProblem Handshake(Deadline deadline)
    {
        while (true)
        {
            OpenSsl.ERR_clear_error();
            var done = OpenSsl.SSL_connect(_ssl);
            if (done == 1)
            {
                return HttpProblem.None;
            }

            switch (AfterError(done, deadline))
            {
                case IoResult.Ok:
                    continue;
                case IoResult.TimedOut:
                    return new(HttpFault.Timeout, $"no TLS connection to {_host} before the deadline");
                case IoResult.Closed:
                    return new(HttpFault.Handshake, $"{_host} closed the connection during the TLS handshake");
                default:
                    return TlsFailure.Describe(_ssl, _host, _reason, Failure, _context.BrokenRoot);
            }
        }
    }

    private IoResult AfterError(int returned, Deadline deadline)
    {
        var errno = Marshal.GetLastPInvokeError();
        switch (OpenSsl.SSL_get_error(_ssl, returned))
        {
            case OpenSsl.ErrorWantRead:
                return _tcp.Wait(Libc.PollIn, deadline) ? IoResult.Ok : IoResult.TimedOut;
            case OpenSsl.ErrorWantWrite:
                return _tcp.Wait(Libc.PollOut, deadline) ? IoResult.Ok : IoResult.TimedOut;
            case OpenSsl.ErrorZeroReturn:
                return IoResult.Closed;
            case OpenSsl.ErrorSyscall:
                Failure = errno == 0 ? "the connection was closed" : Libc.Describe(errno);
                return errno == 0 ? IoResult.Closed : IoResult.Failed;
            default:
                Failure = OpenSsl.TakeError(out _reason);
                return IoResult.Failed;
        }
    }
}
