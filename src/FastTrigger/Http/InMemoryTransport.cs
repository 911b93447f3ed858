using FastTrigger.Core;

namespace FastTrigger.Http;

/// <summary>
/// A peer that is not there: it takes every byte, which goes nowhere, and answers each request with the next of its answers, the last one
/// again and again. What is sent to it runs the same code as what is sent to a socket.
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
