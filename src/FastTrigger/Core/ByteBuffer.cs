using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace FastTrigger.Core;

/// <summary>A growable byte buffer for requests, answers and log lines. Its owner clears it and uses it again.</summary>
/// <param name="capacity">The number of bytes that the first write allocates.</param>
internal sealed class ByteBuffer(int capacity = 1024)
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    public ByteBuffer Clear()
    {
        Length = 0;
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
        Reserve(checked(text.Length * 3));
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
            Array.Resize(ref _bytes, Math.Max(Math.Max(_bytes.Length * 2, capacity), checked(Length + count)));
        }
    }
}
