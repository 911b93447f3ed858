namespace FastTrigger.Patterns;

/// <content>What is asked while the pattern is read.</content>
internal sealed partial class ObjectNode
{
    /// <summary>How many fields a name is compared with.</summary>
    private const int MaxCompared = 32;

    /// <summary>The nodes of the fields after those. Another kind of dictionary is more code.</summary>
    private Dictionary<string, object>? _more;

    private ObjectNode? Parent => parent;

    private byte[]? Name => name;

    /// <param name="field">Of a name that this object does not have yet.</param>
    /// <param name="capacity">How many fields it will have, as far as is known.</param>
    public void Add(in PatternField field, int capacity)
    {
        if (field.Node is FieldNode { HoldsWhenAbsent: true } absent)
        {
            absent.Path = PathTo(field.Utf8);
        }

        if (_count == 0)
        {
            _fields = new PatternField[capacity];
        }
        else if (_count == _fields.Length)
        {
            // One more, and of many fields an eighth.
            Array.Resize(ref _fields, _count + 1 + (_count / 8));
        }

        if (_count >= MaxCompared)
        {
            (_more ??= [])[field.Name] = field.Node;
        }

        _fields[_count++] = field;
    }

    public void AddAlternatives(ObjectNode[] alternatives) => _alternatives = [.. _alternatives, alternatives];

    public PatternNode? Find(string name)
    {
        foreach (ref readonly var field in _more is null ? Fields : Fields[..MaxCompared])
        {
            if (field.Name == name)
            {
                return field.Node;
            }
        }

        return _more is not null && _more.TryGetValue(name, out var node) ? (PatternNode)node : null;
    }

    /// <summary>Where the field of a name stands that this object has.</summary>
    public int OffsetOf(string name)
    {
        var i = 0;
        while (_fields[i].Name != name)
        {
            i++;
        }

        return _fields[i].Offset;
    }

    private byte[][] PathTo(byte[] field)
    {
        var path = new byte[Depth + 1][];
        path[^1] = field;
        for (var (node, left) = (this, Depth); left > 0; node = node.Parent!)
        {
            if (node.Name is { } own)
            {
                path[--left] = own;
            }
        }

        return path;
    }
}
