using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>Loads whom to believe, once it comes to that; null with the reason when it cannot.</summary>
internal delegate TlsContext? TrustSource(out string problem);

/// <summary>
/// Whom TLS trusts: a set of root certificates, loaded once. The peer's chain and host are always verified; there is no switch that
/// turns it off. TLS 1.2 at least, and OpenSSL's security level 2: 112 bits, no SHA-1 signature in a chain.
/// </summary>
internal sealed unsafe class TlsContext
{
    private readonly Lock _lock = new();
    private readonly List<(string Peer, nint Session)> _sessions = [];

    private readonly string? _file, _directory;
    private bool _hasRoots;

    private TlsContext(nint handle, string? file, string? directory)
    {
        Handle = handle;
        _file = file;
        _directory = directory;
    }

    public nint Handle { get; }

    /// <summary>Roots from PEM files or hashed directories; with neither, the system's own. They are read by <see cref="LoadRoots"/>.</summary>
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

    /// <summary>Reads the roots, once: before any certificate is looked at, and not before a peer has been greeted.</summary>
    /// <returns>False, with the reason, when there is none to be read.</returns>
    public bool LoadRoots(out string problem)
    {
        lock (_lock)
        {
            problem = "";
            if (!_hasRoots)
            {
                OpenSsl.ERR_clear_error();
                _hasRoots = ReadRoots() == 1;
                problem = _hasRoots ? "" : $"no root certificates could be read from {_file ?? _directory ?? "the system's store"}: {OpenSsl.TakeError()}";
            }

            return _hasRoots;
        }
    }

    /// <summary>
    /// Keeps what a connection has agreed on with a peer, for the next one to it. Only with a context's own peers: whoever was verified by other
    /// roots is not known here.
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

    /// <summary>The kept session of a peer, which is used once; 0 when there is none.</summary>
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

    private static TlsContext? Make(string? file, string? directory, out string problem)
    {
        // OpenSSL writes with write(2): without this a peer that has gone would end the process.
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

    /// <summary>Shows this certificate to peers that ask for one.</summary>
    /// <param name="certificateFile">PEM: the certificate, then those between it and its root.</param>
    /// <returns>False, with the reason, when the files are not a certificate and its key.</returns>
    public bool UseCertificate(string certificateFile, string keyFile, out string problem)
    {
        OpenSsl.ERR_clear_error();
        fixed (byte* certificate = Libc.ZeroTerminated(certificateFile), key = Libc.ZeroTerminated(keyFile))
        {
            problem = OpenSsl.SSL_CTX_use_certificate_chain_file(Handle, certificate) != 1 ? $"no certificate could be read from {certificateFile}: {OpenSsl.TakeError()}"
                : OpenSsl.SSL_CTX_use_PrivateKey_file(Handle, key, OpenSsl.FileTypePem) != 1 ? $"no private key could be read from {keyFile}: {OpenSsl.TakeError()}"
                : OpenSsl.SSL_CTX_check_private_key(Handle) != 1 ? $"the key in {keyFile} is not that of the certificate in {certificateFile}"
                : "";
        }

        return problem.Length == 0;
    }

    private int ReadRoots()
    {
        if (_file is null && _directory is null)
        {
            return OpenSsl.SSL_CTX_set_default_verify_paths(Handle);
        }

        fixed (byte* filePath = _file is null ? null : Libc.ZeroTerminated(_file), directoryPath = _directory is null ? null : Libc.ZeroTerminated(_directory))
        {
            return OpenSsl.SSL_CTX_load_verify_locations(Handle, filePath, directoryPath);
        }
    }
}
