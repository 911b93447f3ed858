using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>
/// A transport without a peer. It discards every byte that is written. It answers each request with the next of its answers, and
/// repeats the last one. A request to it runs the same code as a request to a socket.
/// </summary>
internal sealed class InMemoryTransport(params ReadOnlyMemory<byte>[] answers) : Transport
{
    private int _next;
    private ReadOnlyMemory<byte> _unread;

    public override IoResult Read(Span<byte> buffer, Deadline deadline, out int count)
    {
        count = Math.Min(buffer.Length, _unread.Length);
        _unread.Span[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return count > 0 ? IoResult.Ok : IoResult.Closed;
    }

    public override IoResult Write(ReadOnlySpan<byte> bytes, Deadline deadline, out int count)
    {
        _unread = answers[Math.Min(_next++, answers.Length - 1)];
        count = bytes.Length;
        return IoResult.Ok;
    }

    public override bool IsQuiet() => _unread.IsEmpty;

    public override void Dispose()
    {
    }
}
