using FastTrigger.Core;
using FastTrigger.Http.Trust;

namespace FastTrigger.Http;

/// <summary>Creates the TLS context on its first use; null with the reason on failure.</summary>
internal delegate TlsContext? TrustSource(out string problem);

/// <summary>
/// A set of trusted root certificates, loaded once. TLS always verifies the peer's chain and host; no setting disables it.
/// The minimum is TLS 1.2 and OpenSSL's security level 2: 112 bits, no SHA-1 signature in a chain.
/// </summary>
internal sealed unsafe class TlsContext : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Peer, nint Session)> _sessions = [];

    private readonly string? _file, _directory;
    private bool _hasRoots;
    private LazyRoots? _lazyRoots;

    private TlsContext(nint handle, string? file, string? directory)
    {
        Handle = handle;
        _file = file;
        _directory = directory;
    }

    public nint Handle { get; private set; }

    /// <summary>
    /// A context whose roots come from a PEM file or a hashed directory; without both, from the system's store.
    /// <see cref="LoadRoots"/> reads them later.
    /// </summary>
    /// <returns>Null, with the reason, when OpenSSL 3 cannot be loaded.</returns>
    /// <param name="readConfiguration">Whether OpenSSL reads openssl.cnf before its first use in this process.</param>
    public static TlsContext? Create(string? file, string? directory, out string problem, bool readConfiguration = true)
    {
        try
        {
            if (!readConfiguration)
            {
                _ = OpenSsl.OPENSSL_init_crypto(OpenSsl.NoLoadConfiguration, 0);
            }

            return Make(file, directory, out problem);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            problem = "libssl.so.3 and libcrypto.so.3 (OpenSSL 3) could not be loaded from the system's library path";
            return null;
        }
    }

    /// <summary>Which root a chain asked for and could not be parsed, and why; null when that has not happened.</summary>
    public string? BrokenRoot => _lazyRoots?.Problem;

    /// <summary>Reads the roots once. The first TLS message does not need them, but the verification of a certificate does.</summary>
    /// <returns>False, with the reason, when no root can be read.</returns>
    public bool LoadRoots(out string problem)
    {
        lock (_lock)
        {
            problem = "";
            if (!_hasRoots)
            {
                OpenSsl.ERR_clear_error();
                _hasRoots = ReadRoots();
                if (!_hasRoots)
                {
                    var place = _file ?? _directory ?? "the system's store";
                    problem = $"no root certificates could be read from {place}: {OpenSsl.TakeError()}";
                }
            }

            return _hasRoots;
        }
    }

    /// <summary>
    /// Keeps the TLS session with a peer for the next connection to it. Each context keeps its own sessions, because another context
    /// verified its peers with other roots.
    /// </summary>
    public void KeepSession(string peer, nint session)
    {
        lock (_lock)
        {
            if (TakeSession(peer) is not 0 and var old)
            {
                OpenSsl.SSL_SESSION_free(old);
            }

            _sessions.Add((peer, session));
        }
    }

    /// <summary>Removes and returns the kept session of a peer; 0 when there is none.</summary>
    public nint TakeSession(string peer)
    {
        lock (_lock)
        {
            var at = _sessions.FindIndex(kept => kept.Peer == peer);
            if (at < 0)
            {
                return 0;
            }

            var session = _sessions[at].Session;
            _sessions.RemoveAt(at);
            return session;
        }
    }

    /// <summary>Frees the context and the sessions that it keeps.</summary>
    public void Dispose()
    {
        foreach (var (_, session) in _sessions)
        {
            OpenSsl.SSL_SESSION_free(session);
        }

        _sessions.Clear();
        _lazyRoots?.Detach();
        OpenSsl.SSL_CTX_free(Handle);
        Handle = 0;
    }

    private static TlsContext? Make(string? file, string? directory, out string problem)
    {
        // OpenSSL writes with write(2). Without this, SIGPIPE would end the process after a peer closes the connection.
        _ = Libc.Signal(Libc.SigPipe, 1);
        OpenSsl.ERR_clear_error();
        var context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_client_method());
        if (context == 0)
        {
            problem = "OpenSSL made no context: " + OpenSsl.TakeError();
            return null;
        }

        OpenSsl.SSL_CTX_set_verify(context, OpenSsl.VerifyPeer, 0);
        OpenSsl.SSL_CTX_set_security_level(context, 2);
        _ = OpenSsl.SSL_CTX_ctrl(context, OpenSsl.ControlMode, OpenSsl.ModePartialWrite | OpenSsl.ModeMovingBuffer, null);
        if (OpenSsl.SSL_CTX_ctrl(context, OpenSsl.ControlMinProtocol, OpenSsl.Tls12, null) != 1)
        {
            problem = "OpenSSL refused TLS 1.2 as the oldest version: " + OpenSsl.TakeError();
            OpenSsl.SSL_CTX_free(context);
            return null;
        }

        problem = "";
        return new(context, file, directory);
    }

    /// <summary>Sends this certificate to peers that ask for one.</summary>
    /// <param name="certificateFile">A PEM file with the certificate, then its intermediates.</param>
    /// <returns>False, with the reason, when the files are not a certificate and its key.</returns>
    public bool UseCertificate(string certificateFile, string keyFile, out string problem)
    {
        OpenSsl.ERR_clear_error();
        fixed (byte* certificate = Libc.ZeroTerminated(certificateFile), key = Libc.ZeroTerminated(keyFile))
        {
            if (OpenSsl.SSL_CTX_use_certificate_chain_file(Handle, certificate) != 1)
            {
                problem = $"no certificate could be read from {certificateFile}: {OpenSsl.TakeError()}";
            }
            else if (OpenSsl.SSL_CTX_use_PrivateKey_file(Handle, key, OpenSsl.FileTypePem) != 1)
            {
                var reason = OpenSsl.TakeError();
                problem = reason == "key values mismatch" ? Mismatch() : $"no private key could be read from {keyFile}: {reason}";
            }
            else if (OpenSsl.SSL_CTX_check_private_key(Handle) != 1)
            {
                // Keys of another kind, such as elliptic curves beside RSA.
                problem = Mismatch();
            }
            else
            {
                problem = "";
            }
        }

        return problem.Length == 0;

        string Mismatch() => $"the key in {keyFile} does not belong to the certificate in {certificateFile}";
    }

    private bool ReadRoots()
    {
        if (_file is not null || _directory is not null)
        {
            return RootLoader.Load(Handle, _file, _directory, out _lazyRoots);
        }

        RootLoader.LoadSystem(Handle, SystemStore.Own(), out _lazyRoots);
        return true;
    }
}
