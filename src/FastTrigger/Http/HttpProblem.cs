namespace FastTrigger.Http;

/// <summary>Why there is no complete answer.</summary>
internal enum HttpFault
{
    None,
    Resolve,
    Connect,
    Proxy,
    Tls,
    Untrusted,
    Reset,
    Timeout,
    Silent,
    Malformed,
    TooLarge,
}

/// <summary>An exchange that failed. <see cref="Written"/> tells whether any byte of the request left, which decides what may be sent again.</summary>
internal readonly record struct HttpProblem(HttpFault Fault, string Detail, bool Written = false)
{
    public static HttpProblem None => default;

    public bool IsNone => Fault == HttpFault.None;

    public override string ToString() => Detail;
}
