using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace FastTrigger.Core;

/// <summary>
/// The functions of OpenSSL 3 that are used; docs.openssl.org/3.0 documents all of them. The first call loads the libraries.
/// A function whose routes use only plain sockets never loads them. Functions that read or write keep errno (SetLastError), because the
/// runtime may change it before the caller asks for it.
/// </summary>
internal static unsafe partial class OpenSsl
{
    private const string Ssl = "libssl.so.3", Crypto = "libcrypto.so.3";

    public const int ControlMode = 33, ControlHostName = 55, ControlMinProtocol = 123;
    public const int Tls12 = 0x0303;
    public const int ModePartialWrite = 1, ModeMovingBuffer = 2;
    public const ulong NoLoadConfiguration = 0x80;
    public const int SentShutdown = 1;
    public const int FileTypePem = 1;
    public const int VerifyPeer = 1, NoPartialWildcards = 4, NeverCheckSubject = 0x20;
    public const int ErrorWantRead = 2, ErrorWantWrite = 3, ErrorSyscall = 5, ErrorZeroReturn = 6;
    public const long VerifyOk = 0;
    public const long UnableToGetIssuer = 2, UnableToGetIssuerLocally = 20, UnableToVerifyLeaf = 21;
    public const long SelfSignedLeaf = 18, SelfSignedInChain = 19;

    /// <summary>
    /// Whether OpenSSL is linked into this binary (Link in build/native.props). It then has no FIPS module, and reads no settings.
    /// </summary>
    [FeatureSwitchDefinition("FastTrigger.LinkedOpenSsl")]
    public static bool IsLinkedIn => AppContext.TryGetSwitch("FastTrigger.LinkedOpenSsl", out var isLinkedIn) && isLinkedIn;

    [LibraryImport(Crypto)]
    public static partial int OPENSSL_init_crypto(ulong options, nint settings);

    [LibraryImport(Ssl)]
    public static partial nint TLS_client_method();

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    public static partial nint SSL_CTX_ctrl(nint context, int command, nint number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_security_level(nint context, int level);

    [LibraryImport(Ssl)]
    public static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    /// <summary>Reads the leaf certificate, then its intermediates.</summary>
    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_certificate_chain_file(nint context, byte* file);

    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_use_PrivateKey_file(nint context, byte* file, int type);

    /// <summary>1 when the key belongs to the certificate.</summary>
    [LibraryImport(Ssl)]
    public static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(Crypto)]
    public static partial nint X509_get0_notAfter(nint certificate);

    [LibraryImport(Crypto)]
    public static partial void X509_free(nint certificate);

    /// <summary>Days and seconds from one time to another. A zero pointer means now.</summary>
    [LibraryImport(Crypto)]
    public static partial int ASN1_TIME_diff(int* days, int* seconds, nint from, nint to);

    [LibraryImport(Ssl)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    public static partial nint SSL_ctrl(nint ssl, int command, nint number, void* pointer);

    [LibraryImport(Ssl)]
    public static partial int SSL_set1_host(nint ssl, byte* host);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_hostflags(nint ssl, uint flags);

    [LibraryImport(Ssl)]
    public static partial nint SSL_get0_param(nint ssl);

    [LibraryImport(Crypto)]
    public static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, byte* address);

    [LibraryImport(Ssl)]
    public static partial int SSL_set_fd(nint ssl, int fd);

    [LibraryImport(Ssl)]
    public static partial int SSL_set_rfd(nint ssl, int fd);

    [LibraryImport(Ssl)]
    public static partial void SSL_set0_rbio(nint ssl, nint source);

    [LibraryImport(Crypto)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    public static partial nint BIO_s_mem();

    [LibraryImport(Ssl)]
    public static partial nint SSL_get1_session(nint ssl);

    [LibraryImport(Ssl)]
    public static partial int SSL_set_session(nint ssl, nint session);

    [LibraryImport(Ssl)]
    public static partial int SSL_SESSION_is_resumable(nint session);

    [LibraryImport(Ssl)]
    public static partial void SSL_SESSION_free(nint session);

    [LibraryImport(Ssl)]
    public static partial void SSL_set_shutdown(nint ssl, int mode);

    [LibraryImport(Ssl, SetLastError = true)]
    public static partial int SSL_connect(nint ssl);

    [LibraryImport(Ssl, SetLastError = true)]
    public static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_peek(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl, SetLastError = true)]
    public static partial int SSL_write(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Ssl)]
    public static partial long SSL_get_verify_result(nint ssl);

    [LibraryImport(Crypto)]
    public static partial byte* X509_verify_cert_error_string(long code);

    [LibraryImport(Crypto)]
    public static partial void ERR_clear_error();

    [LibraryImport(Crypto)]
    public static partial nuint ERR_get_error();

    [LibraryImport(Crypto)]
    public static partial byte* ERR_reason_error_string(nuint code);

    [LibraryImport(Crypto)]
    public static partial nint EVP_sha256();

    [LibraryImport(Crypto)]
    public static partial byte* SHA256(byte* data, nuint length, byte* digest);

    [LibraryImport(Crypto)]
    public static partial byte* HMAC(nint algorithm, byte* key, int keyLength, byte* data, nuint length, byte* digest, uint* digestLength);

    /// <summary>Removes all errors from this thread's queue, and returns the reason of the oldest.</summary>
    public static string TakeError() => TakeError(out _);

    /// <param name="reason">The reason's number in libssl (sslerr.h); 0 for an error of another library.</param>
    public static string TakeError(out int reason)
    {
        // The library is in the bits from 23 on, the reason in those below (err.h of OpenSSL 3).
        const int LibSsl = 20, LibraryOffset = 23, ReasonMask = 0x7FFFFF;
        var code = ERR_get_error();
        ERR_clear_error();
        reason = (int)(code >> LibraryOffset) == LibSsl ? (int)(code & ReasonMask) : 0;
        return code == 0 ? "no reason given" : Marshal.PtrToStringUTF8((nint)ERR_reason_error_string(code)) ?? $"error {code:x}";
    }
}
