using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Patterns;

/// <summary>
/// Reads the leaves of one event for many tests. A text that is long or has an escape is looked through and decoded once an event, not
/// once a test. What it needs for that is kept for the next event. One serves one thread.
/// </summary>
internal sealed class LeafTexts
{
    /// <summary>Bytes. A shorter text without an escape costs less than to remember it.</summary>
    private const int MaxShort = 64;

    private const int Buckets = 64, MaxEntries = 512, MaxKept = 256 * 1024;

    private ByteBuffer _decoded = new();
    private int[] _heads = [];
    private Entry[] _entries = [];
    private int _count;
    private JsonElement _root;

    /// <param name="root">The event. Each leaf that is read from now on is inside it.</param>
    public LeafTexts Begin(JsonElement root)
    {
        _root = root;
        Forget();
        return this;
    }

    /// <summary>What a leaf is. Its text is valid until the next leaf is read.</summary>
    public Leaf Read(JsonElement leaf)
    {
        var kind = leaf.ValueKind;
        if (kind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            return new(kind, default);
        }

        var raw = JsonMarshal.GetRawUtf8Value(leaf);
        if (kind == JsonValueKind.Number)
        {
            return new(kind, raw);
        }

        var text = raw[1..^1];
        return new(kind, text.Length <= MaxShort && !text.Contains((byte)'\\') ? text : Recall(raw));
    }

    private ReadOnlySpan<byte> Recall(ReadOnlySpan<byte> raw)
    {
        // The collector may move the event, but never one part of it without the other.
        var root = JsonMarshal.GetRawUtf8Value(_root);
        var offset = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(root), ref MemoryMarshal.GetReference(raw));
        if (_heads.Length == 0)
        {
            _heads = new int[Buckets];
            _entries = new Entry[Buckets];
        }

        ref var head = ref _heads[(int)((uint)offset * 0x9E3779B1 >> 26)];
        for (var i = head; i > 0; i = _entries[i - 1].Next)
        {
            var known = _entries[i - 1];
            if (known.Offset == offset)
            {
                return Text(known, raw);
            }
        }

        if (_count == MaxEntries)
        {
            Forget();
        }

        var entry = raw.Contains((byte)'\\') ? Decode(raw) : new() { Length = -1 };
        (entry.Offset, entry.Next) = (offset, head);
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        _entries[_count++] = entry;
        head = _count;
        return Text(entry, raw);
    }

    private Entry Decode(ReadOnlySpan<byte> raw)
    {
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var start = _decoded.Length;
        var length = reader.CopyString(_decoded.GetSpan(raw.Length));
        _decoded.Advance(length);
        return new() { Start = start, Length = length };
    }

    private ReadOnlySpan<byte> Text(Entry entry, ReadOnlySpan<byte> raw) =>
        entry.Length < 0 ? raw[1..^1] : _decoded.Span.Slice(entry.Start, entry.Length);

    private void Forget()
    {
        if (_count > 0)
        {
            Array.Clear(_heads);
            _count = 0;
            _decoded = _decoded.Length > MaxKept ? new() : _decoded.Clear();
        }
    }

    private struct Entry
    {
        /// <summary>From the start of the event.</summary>
        public nint Offset;

        /// <summary>Among the decoded texts.</summary>
        public int Start;

        /// <summary>Of the decoded text; below 0 for a text without escapes.</summary>
        public int Length;

        /// <summary>The next entry of the bucket, counted from 1; 0 for none.</summary>
        public int Next;
    }
}
