using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>What became of one read or write.</summary>
internal enum IoResult
{
    Ok,
    Closed,
    TimedOut,
    Failed,
}

/// <summary>A connected stream of bytes: a socket, or TLS over one.</summary>
internal abstract class Transport : IDisposable
{
    /// <summary>The reason after <see cref="IoResult.Failed"/>.</summary>
    public string Failure { get; protected set; } = "";

    /// <summary>Waits for at least one byte.</summary>
    public abstract IoResult Read(Span<byte> buffer, Deadline deadline, out int count);

    /// <summary>Writes all of it; <paramref name="count"/> says how much left when it did not work.</summary>
    public abstract IoResult Write(ReadOnlySpan<byte> bytes, Deadline deadline, out int count);

    /// <summary>Whether the peer is still there and has said nothing: a look that never waits.</summary>
    public abstract bool IsQuiet();

    public abstract void Dispose();
}
