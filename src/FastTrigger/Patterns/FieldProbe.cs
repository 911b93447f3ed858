using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>The patterns that want one of some texts in one field, by these texts.</summary>
/// <param name="path">The names from the event's top to the field.</param>
/// <param name="texts">How many are added.</param>
internal sealed class FieldProbe(byte[][] path, int texts)
{
    private readonly int[] _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)texts * 2)];
    private readonly Wanted[] _wanted = new Wanted[texts];
    private int _count;

    /// <summary>The field's path, as messages name it.</summary>
    public string Field { get; } = string.Join('.', Array.ConvertAll(path, Encoding.UTF8.GetString));

    public bool IsDeep => path.Length > 1;

    public static uint Hash(ReadOnlySpan<byte> text)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)text.Length;
        var rest = text;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest)) * Factor, 29);
        }

        if (text.Length >= sizeof(ulong))
        {
            // Some bytes twice: one step is less than one for each byte of the rest.
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..])) * Factor, 29);
            rest = [];
        }

        foreach (var value in rest)
        {
            hash = BitOperations.RotateLeft((hash ^ value) * Factor, 29);
        }

        return (uint)((hash * Factor) >> 32);
    }

    public void Add(ExactTest test, int pattern)
    {
        ref var head = ref Head(test.Hash);
        _wanted[_count++] = new() { Hash = test.Hash, Test = test, Pattern = pattern, Next = head };
        head = _count;
    }

    /// <summary>Adds the patterns that want what the event has in the field: any of the values of an array.</summary>
    public void Find(JsonElement root, LeafTexts leaves, Span<ulong> found) => Find(root, 0, leaves, found);

    private void Find(JsonElement element, int depth, LeafTexts leaves, Span<ulong> found)
    {
        while (depth < path.Length && element.ValueKind == JsonValueKind.Object)
        {
            element = element.Get(path[depth++]);
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray())
            {
                Find(inner, depth, leaves, found);
            }
        }
        else if (element.ValueKind == JsonValueKind.String && depth == path.Length)
        {
            Add(leaves.Read(element).Text, found);
        }
    }

    private void Add(ReadOnlySpan<byte> text, Span<ulong> found)
    {
        var hash = Hash(text);
        for (var i = Head(hash); i > 0; i = _wanted[i - 1].Next)
        {
            ref readonly var wanted = ref _wanted[i - 1];
            if (wanted.Hash == hash && text.SequenceEqual(wanted.Test.Text))
            {
                found[wanted.Pattern >> 6] |= 1UL << wanted.Pattern;
            }
        }
    }

    private ref int Head(uint hash) => ref _heads[(int)(hash & (uint)(_heads.Length - 1))];

    private struct Wanted
    {
        public uint Hash;
        public ExactTest Test;
        public int Pattern;

        /// <summary>The next one of the bucket, counted from 1; 0 for none.</summary>
        public int Next;
    }
}
