using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>The result of one read or write.</summary>
internal enum IoResult
{
    Ok,
    Closed,
    TimedOut,
    Failed,
}

/// <summary>A connected stream of bytes: a socket, or TLS over a socket.</summary>
internal abstract class Transport : IDisposable
{
    /// <summary>The reason after <see cref="IoResult.Failed"/>.</summary>
    public string Failure { get; protected set; } = "";

    /// <summary>Waits for at least one byte.</summary>
    public abstract IoResult Read(Span<byte> buffer, Deadline deadline, out int count);

    /// <summary>Writes all bytes. On failure <paramref name="count"/> is the number of bytes that were sent.</summary>
    public abstract IoResult Write(ReadOnlySpan<byte> bytes, Deadline deadline, out int count);

    /// <summary>Whether the connection is open and the peer has sent nothing. This check never waits.</summary>
    public abstract bool IsQuiet();

    public abstract void Dispose();
}
