namespace FastTrigger.Http;

/// <summary>Why there is no complete answer.</summary>
internal enum HttpFault
{
    None,
    Resolve,
    Connect,
    Proxy,

    /// <summary>TLS cannot be set up, or a certificate or the protocol version was refused: the same would happen again.</summary>
    Tls,

    /// <summary>The chain does not end in the roots that were tried.</summary>
    Untrusted,

    /// <summary>The TLS handshake broke off without such a verdict. Nothing of the request was sent, and another try may succeed.</summary>
    Handshake,
    Reset,
    Timeout,
    Silent,
    Malformed,
    TooLarge,
}

/// <summary>Why a request failed.</summary>
/// <param name="Written">Whether any byte of the request was sent. This decides whether the caller may send it again.</param>
internal readonly record struct HttpProblem(HttpFault Fault, string Detail, bool Written = false)
{
    public static HttpProblem None => default;

    public bool IsNone => Fault == HttpFault.None;

    public override string ToString() => Detail;
}
