using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>
/// Reads a file into <see cref="JsonNode"/>s, in one pass over its bytes. It takes what Utf8JsonReader takes, with comments. In a file that
/// it does not take, Utf8JsonReader finds the first mistake.
/// </summary>
internal ref partial struct JsonNodeReader
{
    /// <summary>How many different names are remembered; a power of two.</summary>
    private const int MaxNames = 64;

    /// <summary>In an object with more members than that a name is looked up, and not compared with each.</summary>
    private const int MaxCompared = 32;

    private readonly ReadOnlySpan<byte> _text;
    private readonly byte[] _file;
    private readonly JsonProblems _problems;
    private readonly JsonName?[] _names = new JsonName?[MaxNames];

    /// <summary>The members of the objects, and the items of the arrays, that are not complete.</summary>
    private JsonMember[] _members = new JsonMember[32];
    private JsonNode[] _items = new JsonNode[32];
    private int _memberCount;
    private int _itemCount;
    private int _at;

    private JsonNodeReader(ReadOnlyMemory<byte> text, int start, JsonProblems problems)
    {
        _text = text.Span;
        _at = start;
        _problems = problems;
        var isWhole = MemoryMarshal.TryGetArray(text, out var whole) && whole is { Offset: 0, Array: not null };
        _file = isWhole ? whole.Array! : text.ToArray();
    }

    /// <summary>Null when it is no JSON, with the problem.</summary>
    /// <param name="text">The file. It must not change afterwards.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public static JsonNode? Read(ReadOnlyMemory<byte> text, JsonProblems problems)
    {
        var span = text.Span;
        if (EventJson.FindInvalidUtf8(span) is >= 0 and var offset)
        {
            problems.Add(offset, "the file is not UTF-8 here");
            return null;
        }

        if (EventJson.FindLoneSurrogate(span) is >= 0 and var half)
        {
            problems.Add(half, "half of a surrogate pair is not a character");
            return null;
        }

        var start = span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new JsonNodeReader(text, start, problems);
        if (reader.ReadValue(depth: 0) is { } root && reader.Next() == 0 && reader._at == span.Length)
        {
            return root;
        }

        var at = start + EventJson.FindMistake(span[start..], JsonCommentHandling.Skip, out var isTooDeep);
        problems.Add(at, isTooDeep
            ? $"JSON nested deeper than {EventJson.MaxDepth} levels"
            : "this is not JSON: " + EventJson.Near(span, at));
        return null;
    }

    /// <summary>Null when there is no value here.</summary>
    private JsonNode? ReadValue(int depth) => Next() switch
    {
        (byte)'"' => ReadString(),
        (byte)'{' => depth < EventJson.MaxDepth ? ReadObject(depth + 1) : null,
        (byte)'[' => depth < EventJson.MaxDepth ? ReadArray(depth + 1) : null,
        (byte)'t' => ReadLiteral("true"u8, JsonTokenType.True),
        (byte)'f' => ReadLiteral("false"u8, JsonTokenType.False),
        (byte)'n' => ReadLiteral("null"u8, JsonTokenType.Null),
        _ => ReadNumber(),
    };

    private JsonNode? ReadArray(int depth)
    {
        var offset = _at++;
        var first = _itemCount;
        for (var next = Next(); next != ']'; next = Next())
        {
            if (!SkipComma(next, isFirst: _itemCount == first) || ReadValue(depth) is not { } item)
            {
                return null;
            }

            if (_itemCount == _items.Length)
            {
                Array.Resize(ref _items, _itemCount * 2);
            }

            _items[_itemCount++] = item;
        }

        _at++;
        // For a few references a loop is faster than to copy memory.
        var items = new JsonNode[_itemCount - first];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = _items[first + i];
        }

        _itemCount = first;
        return new(JsonTokenType.StartArray, offset, items);
    }

    private JsonNode? ReadObject(int depth)
    {
        var offset = _at++;
        var first = _memberCount;
        Dictionary<string, object>? names = null;
        for (var next = Next(); next != '}'; next = Next())
        {
            if (!SkipComma(next, isFirst: _memberCount == first) || Next() != '"')
            {
                return null;
            }

            var at = _at;
            if (!SkipString(out var isEscaped))
            {
                return null;
            }

            var name = ReadName(_text[at.._at], isEscaped);
            // A comment may stand everywhere else.
            if (AfterSpace() != ':')
            {
                return null;
            }

            _at++;
            var members = _members.AsSpan(first, _memberCount - first);
            if (members.Length > MaxCompared)
            {
                LookUp(name, at, members, ref names);
            }
            else
            {
                foreach (ref readonly var known in members)
                {
                    if (known.Name == name.Text)
                    {
                        AddTwice(name, at);
                        break;
                    }
                }
            }

            if (ReadValue(depth) is not { } value)
            {
                return null;
            }

            if (_memberCount == _members.Length)
            {
                Array.Resize(ref _members, _memberCount * 2);
            }

            _members[_memberCount++] = new(name, at, value);
        }

        _at++;
        var all = new JsonMember[_memberCount - first];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = _members[first + i];
        }

        _memberCount = first;
        return new(JsonTokenType.StartObject, offset, all);
    }

    /// <param name="names">Those of the members. They lead to objects, because another kind of dictionary is more code.</param>
    private readonly void LookUp(JsonName name, int at, ReadOnlySpan<JsonMember> members, ref Dictionary<string, object>? names)
    {
        if (names is null)
        {
            names = [];
            foreach (ref readonly var known in members)
            {
                names.TryAdd(known.Name, name);
            }
        }

        if (!names.TryAdd(name.Text, name))
        {
            AddTwice(name, at);
        }
    }

    private readonly void AddTwice(JsonName name, int at) => _problems.Add(at, $"'{name.Text}' is given twice");

    private readonly JsonName ReadName(ReadOnlySpan<byte> json, bool isEscaped)
    {
        var utf8 = json[1..^1];
        if (isEscaped || utf8.IsEmpty)
        {
            var text = JsonNode.Unescape(json);
            return new(text, Encoding.UTF8.GetBytes(text));
        }

        ref var known = ref _names[((utf8[0] * 7) + (utf8[^1] * 3) + utf8.Length) & (MaxNames - 1)];
        return known is not null && utf8.SequenceEqual(known.Utf8) ? known : known = new(Encoding.UTF8.GetString(utf8), utf8.ToArray());
    }

    private JsonNode? ReadString()
    {
        var offset = _at;
        return SkipString(out var isEscaped) ? new(JsonTokenType.String, offset, _file, _at - offset - 2, isEscaped) : null;
    }

    private JsonNode? ReadLiteral(ReadOnlySpan<byte> literal, JsonTokenType kind)
    {
        var offset = _at;
        _at += literal.Length;
        return _text[offset..].StartsWith(literal) ? new(kind, offset, content: null) : null;
    }

    private JsonNode? ReadNumber()
    {
        var offset = _at;
        Skip('-', '-');
        if (!Skip('0', '0') && !SkipDigits())
        {
            return null;
        }

        if (Skip('.', '.') && !SkipDigits())
        {
            return null;
        }

        if (Skip('e', 'E'))
        {
            Skip('+', '-');
            if (!SkipDigits())
            {
                return null;
            }
        }

        return new(JsonTokenType.Number, offset, _file, _at - offset, isEscaped: false);
    }

    private bool SkipComma(byte next, bool isFirst)
    {
        _at += isFirst ? 0 : 1;
        return isFirst || next == ',';
    }
}
