using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FastTrigger.Core;

/// <summary>A growable byte buffer for requests, answers and log lines. Its owner clears it and uses it again.</summary>
/// <param name="capacity">The number of bytes that the first write allocates.</param>
internal sealed class ByteBuffer(int capacity = 1024)
{
    /// <summary>Bytes that an owner keeps for the next time. A larger buffer would take the memory that the next event needs.</summary>
    private const int MaxKept = 256 * 1024;

    /// <summary>Bytes from which a buffer grows by a quarter and no longer doubles.</summary>
    private const int Large = 1024 * 1024;

    /// <summary>Characters of which the bytes are not counted before they are written.</summary>
    private const int MaxUncounted = 64 * 1024;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>The bytes for somebody who keeps them. This buffer must not be used any more.</summary>
    public ReadOnlyMemory<byte> Detach() => Length >= _bytes.Length / 4 * 3 ? Memory : Span.ToArray();

    public ByteBuffer Clear()
    {
        Length = 0;
        _bytes = _bytes.Length > MaxKept ? [] : _bytes;
        return this;
    }

    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Free space of at least this many bytes. After writing to it, call <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int minBytes)
    {
        Reserve(minBytes);
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public ByteBuffer Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        return this;
    }

    public ByteBuffer Append(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
        return this;
    }

    /// <summary>Appends text as UTF-8.</summary>
    public ByteBuffer Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length <= MaxUncounted ? text.Length * 3 : Encoding.UTF8.GetByteCount(text));
        var free = _bytes.AsSpan(Length);
        // Nearly all of it is ASCII, which takes half the time.
        Length += Ascii.FromUtf16(text, free, out var written) == OperationStatus.Done ? written : Encoding.UTF8.GetBytes(text, free);
        return this;
    }

    public ByteBuffer Append(long number)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out var written);
        Length += written;
        return this;
    }

    public ByteBuffer AppendHex(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length * 2);
        foreach (var value in bytes)
        {
            _bytes[Length++] = "0123456789abcdef"u8[value >> 4];
            _bytes[Length++] = "0123456789abcdef"u8[value & 15];
        }

        return this;
    }

    public override string ToString() => Encoding.UTF8.GetString(Span);

    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            // While it grows, the old bytes and the new ones exist at the same time.
            var next = _bytes.Length < Large ? _bytes.Length * 2 : _bytes.Length + (_bytes.Length / 4);
            Array.Resize(ref _bytes, Math.Max(Math.Max(next, capacity), checked(Length + count)));
        }
    }
}
