using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Fuzzing;

/// <summary>A peer that sends these bytes in pieces, and closes.</summary>
/// <param name="piece">The most bytes of the next piece.</param>
internal sealed class BytesTransport(byte[] bytes, Func<int> piece) : Transport
{
    private int _at;

    public override IoResult Read(Span<byte> buffer, Deadline deadline, out int count)
    {
        count = Math.Min(Math.Min(buffer.Length, bytes.Length - _at), piece());
        bytes.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count > 0 ? IoResult.Ok : IoResult.Closed;
    }

    public override IoResult Write(ReadOnlySpan<byte> bytes, Deadline deadline, out int count)
    {
        count = bytes.Length;
        return IoResult.Ok;
    }

    public override bool IsQuiet() => false;

    public override void Dispose()
    {
    }
}
