using System.Text;

namespace FastTrigger.Json;

/// <summary>The names of members. Most of them stand in many objects, and are kept once.</summary>
internal ref partial struct JsonNodeReader
{
    /// <summary>Whether an object that is not complete has a member of this name.</summary>
    private readonly bool Has(int parent, int name)
    {
        for (var i = parent + 1; i < _count; i = _places[i].End)
        {
            var known = _places[i].Name;
            if (known == name || _names[known].Text == _names[name].Text)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same for many members.</summary>
    /// <param name="names">Those of the members. They lead to objects, because another kind of dictionary is more code.</param>
    private readonly bool HasLookedUp(int parent, int name, ref Dictionary<string, object>? names)
    {
        if (names is null)
        {
            names = [];
            for (var i = parent + 1; i < _count; i = _places[i].End)
            {
                names.TryAdd(_names[_places[i].Name].Text, _names);
            }
        }

        return !names.TryAdd(_names[name].Text, _names);
    }

    /// <summary>The place of a name among the names.</summary>
    private int ReadName(int start, int end)
    {
        var utf8 = _text[start..end];
        // Of an empty name these bytes are the quotes.
        ref var known = ref _known[((_text[start] * 7) + (_text[end - 1] * 3) + utf8.Length) & (MaxNames - 1)];
        if (known == 0 || !_names[known - 1].Utf8.AsSpan().SequenceEqual(utf8))
        {
            known = AddName(Encoding.UTF8.GetString(utf8), utf8.ToArray()) + 1;
        }

        return known - 1;
    }

    private int AddEscaped(int start)
    {
        var text = JsonNode.Unescape(_text[start.._at]);
        return AddName(text, Encoding.UTF8.GetBytes(text));
    }

    private int AddName(string text, byte[] utf8)
    {
        if (_nameCount == _names.Length)
        {
            Array.Resize(ref _names, _nameCount * 2);
        }

        _names[_nameCount] = new(text, utf8);
        return _nameCount++;
    }
}
