using System.Runtime.InteropServices;
using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>What a handshake that failed says: whether it is a verdict, and whether other roots may help.</summary>
internal static unsafe class TlsFailure
{
    /// <param name="reason">OpenSSL's code of the failure; 0 when there is none.</param>
    /// <param name="text">The same for people.</param>
    /// <param name="brokenRoot">A trusted certificate that could not be parsed; null when there is none.</param>
    public static HttpProblem Describe(nint ssl, string host, int reason, string text, string? brokenRoot)
    {
        var verdict = OpenSsl.SSL_get_verify_result(ssl);
        if (verdict == OpenSsl.VerifyOk)
        {
            return new(IsVerdict(reason) ? HttpFault.Tls : HttpFault.Handshake, $"TLS with {host} failed: {text}");
        }

        // Only with these errors can another set of roots help. A wrong host or date stays wrong.
        var isUnknownRoot = verdict is OpenSsl.UnableToGetIssuer or OpenSsl.UnableToGetIssuerLocally or OpenSsl.UnableToVerifyLeaf
            or OpenSsl.SelfSignedLeaf or OpenSsl.SelfSignedInChain;
        var refusal = verdict == OpenSsl.StoreLookupFailed && brokenRoot is not null
            ? brokenRoot
            : Marshal.PtrToStringUTF8((nint)OpenSsl.X509_verify_cert_error_string(verdict));
        return new(isUnknownRoot ? HttpFault.Untrusted : HttpFault.Tls, $"the certificate of {host} was refused: {refusal}");
    }

    /// <summary>
    /// Whether a failure is a verdict on the protocol version or on our certificate, by us or by an alert of the peer (RFC 8446, 6.2). Any
    /// other alert may come from a peer that restarts or is overloaded, and plain text from a proxy or a load balancer in its place.
    /// </summary>
    private static bool IsVerdict(int reason)
    {
        const int UnsupportedProtocol = 258, NoProtocolsAvailable = 191, AlertOffset = 1000;
        const int BadCertificate = 42, CertificateUnknown = 46, UnknownAuthority = 48, ProtocolVersion = 70, CertificateRequired = 116;
        return reason is UnsupportedProtocol or NoProtocolsAvailable
            || (reason - AlertOffset) is (>= BadCertificate and <= CertificateUnknown)
                or UnknownAuthority or ProtocolVersion or CertificateRequired;
    }
}
