using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>
/// An object of the pattern. All its fields must match, and one alternative of each `$or`. When the event has an array of objects, one
/// element must match all of them (array consistency). This node chooses the element, and everything below is matched inside it.
/// </summary>
internal sealed class ObjectNode : PatternNode
{
    private readonly List<(string Name, byte[] Utf8, PatternNode Node)> _fields = [];
    private readonly List<ObjectNode[]> _alternatives = [];

    /// <summary>The paths of the fields, built on first use. They can be kept, because a node has one place in one pattern.</summary>
    private string?[]? _paths;

    public override bool HoldsWhenAbsent => All(static node => node.HoldsWhenAbsent);

    public override bool OnlyAbsence => All(static node => node.OnlyAbsence);

    public bool IsEmpty => _fields.Count == 0 && _alternatives.Count == 0;

    public IReadOnlyList<(string Name, byte[] Utf8, PatternNode Node)> Fields => _fields;

    public IReadOnlyList<ObjectNode[]> Alternatives => _alternatives;

    public void Add(string name, PatternNode node) => _fields.Add((name, Encoding.UTF8.GetBytes(name), node));

    public void AddAlternatives(ObjectNode[] alternatives) => _alternatives.Add(alternatives);

    public PatternNode? Find(string name)
    {
        foreach (var field in _fields)
        {
            if (field.Name == name)
            {
                return field.Node;
            }
        }

        return null;
    }

    public override bool Matches(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return FirstFailing(element, out _) < 0;
        }

        var every = OnlyAbsence;
        var any = false;
        foreach (var inner in element.EnumerateArray())
        {
            if (Matches(inner) != every)
            {
                return !every;
            }

            any = true;
        }

        return every || (!any && HoldsWhenAbsent);
    }

    /// <summary>The path of the first field below <paramref name="path"/> that does not match; null when all match.</summary>
    public string? FirstMismatch(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return Matches(element) ? null : path + "[*]";
        }

        var failing = FirstFailing(element, out var inner);
        if (failing < 0)
        {
            return null;
        }

        // The last path is that of the alternatives.
        var paths = _paths ??= new string?[_fields.Count + 1];
        var (name, node) = failing < _fields.Count ? (_fields[failing].Name, _fields[failing].Node) : ("$or", null);
        var below = paths[failing] ??= path.Length == 0 ? name : path + "." + name;
        return node is ObjectNode inside ? inside.FirstMismatch(inner, below) : below;
    }

    /// <summary>
    /// The index of the first field that does not match; the number of fields when it is an `$or`, and -1 when all match.
    /// </summary>
    /// <param name="element">No array. Something that is no object has none of the fields.</param>
    /// <param name="inner">What the event has in that field.</param>
    private int FirstFailing(JsonElement element, out JsonElement inner)
    {
        var i = 0;
        foreach (ref readonly var field in CollectionsMarshal.AsSpan(_fields))
        {
            inner = element.Get(field.Utf8);
            if (!field.Node.Matches(inner))
            {
                return i;
            }

            i++;
        }

        inner = default;
        foreach (var alternatives in _alternatives)
        {
            if (!AnyMatches(alternatives, element))
            {
                return _fields.Count;
            }
        }

        return -1;
    }

    private static bool AnyMatches(ObjectNode[] alternatives, JsonElement element)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.Matches(element))
            {
                return true;
            }
        }

        return false;
    }

    private bool All(Func<PatternNode, bool> holds)
    {
        foreach (var (_, _, node) in _fields)
        {
            if (!holds(node))
            {
                return false;
            }
        }

        return _alternatives.TrueForAll(alternatives => Array.Exists(alternatives, alternative => holds(alternative)));
    }
}
