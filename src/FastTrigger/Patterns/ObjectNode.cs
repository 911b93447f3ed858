using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>
/// An object of the pattern. All its fields must match, and one alternative of each `$or`. When the event has an array of objects, one
/// element must match all of them (array consistency). This node chooses the element, and everything below is matched inside it. An element
/// is chosen by a value: what must be missing, and nothing else, must be missing from all elements.
/// </summary>
/// <param name="parent">The object around it; null at the top.</param>
/// <param name="name">Its name in that, in UTF-8; null for an alternative, which is about the same place.</param>
internal sealed partial class ObjectNode(ObjectNode? parent = null, byte[]? name = null) : PatternNode
{
    private PatternField[] _fields = [];
    private ObjectNode[][] _alternatives = [];
    private int _count;

    /// <summary>
    /// The paths of the fields, then those of the alternatives and of its elements, built on first use. They can be kept, because a node
    /// has one place in one pattern.
    /// </summary>
    private string?[]? _paths;

    private bool? _holdsWhenAbsent;

    /// <summary>Where it stands in the routes file.</summary>
    public int Offset { get; init; }

    /// <summary>How many names lead here from the top of the event.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + (name is null ? 0 : 1);

    public override bool HoldsWhenAbsent => _holdsWhenAbsent ??= AllHoldWhenAbsent();

    public ReadOnlySpan<PatternField> Fields => _fields.AsSpan(0, _count);

    /// <summary>The alternatives of each `$or`.</summary>
    public ReadOnlySpan<ObjectNode[]> Alternatives => _alternatives;

    /// <summary>Whether an event matches the whole pattern.</summary>
    public bool Matches(JsonElement root) => Matches(root, new LeafTexts().Begin(root));

    public override bool Matches(JsonElement element, LeafTexts texts)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return FirstFailing(element, texts, out _) < 0;
        }

        if (HoldsWhenAbsent)
        {
            return MatchesByValue(element, texts) || IsAbsentFrom(element, Depth);
        }

        foreach (var inner in element.EnumerateArray())
        {
            if (Matches(inner, texts))
            {
                return true;
            }
        }

        return false;
    }

    public override bool MatchesByValue(JsonElement element, LeafTexts texts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray())
            {
                if (MatchesByValue(inner, texts))
                {
                    return true;
                }
            }

            return false;
        }

        // What matches without a value is absent. Matches would look into arrays once more, and so twice as often on each level.
        var isByValue = false;
        foreach (ref readonly var field in Fields)
        {
            if (field.Node.MatchesByValue(element.Get(field.Utf8), texts))
            {
                isByValue = true;
            }
            else if (!field.Node.IsAbsentFrom(element, Depth))
            {
                return false;
            }
        }

        foreach (var alternatives in _alternatives)
        {
            if (AnyMatchesByValue(alternatives, element, texts))
            {
                isByValue = true;
            }
            else if (!AnyIsAbsentFrom(alternatives, element, Depth))
            {
                return false;
            }
        }

        return isByValue;
    }

    public override bool IsAbsentFrom(JsonElement element, int depth)
    {
        foreach (ref readonly var field in Fields)
        {
            if (!field.Node.IsAbsentFrom(element, depth))
            {
                return false;
            }
        }

        foreach (var alternatives in _alternatives)
        {
            if (!AnyIsAbsentFrom(alternatives, element, depth))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The path of the first field of an event that does not match the pattern; null when all match.</summary>
    public string? FirstMismatch(JsonElement root) => FirstMismatch(root, null, new LeafTexts().Begin(root));

    /// <summary>The path of the first field that does not match; null when all match.</summary>
    /// <param name="element">What the event has here.</param>
    /// <param name="path">Where this node is; null at the top, because a name may be empty.</param>
    /// <param name="texts">Reads the event's leaves.</param>
    public string? FirstMismatch(JsonElement element, string? path, LeafTexts texts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return Matches(element, texts) ? null : PathOf(_count + 1, path, "", "[*]");
        }

        var failing = FirstFailing(element, texts, out var inner);
        if (failing < 0)
        {
            return null;
        }

        var (name, node) = failing < _count ? (_fields[failing].Name, _fields[failing].Node) : ("$or", null);
        var below = PathOf(failing, path, ".", name);
        return node is ObjectNode inside ? inside.FirstMismatch(inner, below, texts) : below;
    }

    private string PathOf(int index, string? path, string separator, string name) =>
        (_paths ??= new string?[_count + 2])[index] ??= path is null ? name : path + separator + name;

    /// <summary>
    /// The index of the first field that does not match; the number of fields when it is an `$or`, and -1 when all match.
    /// </summary>
    /// <param name="element">No array. Something that is no object has none of the fields.</param>
    /// <param name="texts">Reads the event's leaves.</param>
    /// <param name="inner">What the event has in that field.</param>
    private int FirstFailing(JsonElement element, LeafTexts texts, out JsonElement inner)
    {
        var i = 0;
        foreach (ref readonly var field in Fields)
        {
            inner = element.Get(field.Utf8);
            if (!field.Node.Matches(inner, texts))
            {
                return i;
            }

            i++;
        }

        inner = default;
        foreach (var alternatives in _alternatives)
        {
            if (!AnyMatches(alternatives, element, texts))
            {
                return _count;
            }
        }

        return -1;
    }

    private static bool AnyMatches(ObjectNode[] alternatives, JsonElement element, LeafTexts texts)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.Matches(element, texts))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyMatchesByValue(ObjectNode[] alternatives, JsonElement element, LeafTexts texts)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.MatchesByValue(element, texts))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AnyIsAbsentFrom(ObjectNode[] alternatives, JsonElement element, int depth)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.IsAbsentFrom(element, depth))
            {
                return true;
            }
        }

        return false;
    }

    private bool AllHoldWhenAbsent()
    {
        foreach (ref readonly var field in Fields)
        {
            if (!field.Node.HoldsWhenAbsent)
            {
                return false;
            }
        }

        return Array.TrueForAll(
            _alternatives,
            static alternatives => Array.Exists(alternatives, static alternative => alternative.HoldsWhenAbsent));
    }
}
