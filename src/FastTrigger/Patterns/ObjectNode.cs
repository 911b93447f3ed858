using System.Text;
using System.Text.Json;

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

    public void Add(string name, PatternNode node)
    {
        // The last of two equal keys counts, as in EventBridge.
        _fields.RemoveAll(field => field.Name == name);
        _fields.Add((name, Encoding.UTF8.GetBytes(name), node));
    }

    public void AddAlternatives(ObjectNode[] alternatives) => _alternatives.Add(alternatives);

    public ObjectNode? FindObject(string name)
    {
        foreach (var field in _fields)
        {
            if (field.Name == name)
            {
                return field.Node as ObjectNode;
            }
        }

        return null;
    }

    public override bool Matches(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return ObjectMatches(element);
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return HoldsWhenAbsent;
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

    public override string? FirstMismatch(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return Matches(element) ? null : path + "[*]";
        }

        var paths = _paths ??= new string?[_fields.Count];
        for (var i = 0; i < _fields.Count; i++)
        {
            var (name, utf8, node) = _fields[i];
            var inner = element.ValueKind == JsonValueKind.Object && element.TryGetProperty(utf8, out var value) ? value : default;
            if (node.FirstMismatch(inner, paths[i] ??= path.Length == 0 ? name : path + "." + name) is { } mismatch)
            {
                return mismatch;
            }
        }

        return Matches(element) ? null : (path.Length == 0 ? "" : path + ".") + "$or";
    }

    private bool ObjectMatches(JsonElement element)
    {
        foreach (var (_, utf8, node) in _fields)
        {
            if (!node.Matches(element.TryGetProperty(utf8, out var value) ? value : default))
            {
                return false;
            }
        }

        foreach (var alternatives in _alternatives)
        {
            if (!AnyMatches(alternatives, element))
            {
                return false;
            }
        }

        return true;
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
