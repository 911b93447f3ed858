using System.Runtime.InteropServices;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>
/// Reads a file into a <see cref="JsonFile"/>, in one pass over its bytes. It takes what Utf8JsonReader takes, with comments. In a file
/// that it does not take, Utf8JsonReader finds the first mistake.
/// </summary>
internal ref partial struct JsonNodeReader
{
    /// <summary>How many different names are remembered; a power of two.</summary>
    private const int MaxNames = 64;

    /// <summary>In an object with more members than that a name is looked up, and not compared with each.</summary>
    private const int MaxCompared = 32;

    /// <summary>About; when a file has more values than that, the array grows.</summary>
    private const int BytesPerPlace = 12;

    private readonly ReadOnlySpan<byte> _text;
    private readonly byte[] _file;
    private readonly JsonProblems _problems;

    /// <summary>The places among the names of those that are remembered, counted from 1; 0 for none.</summary>
    private readonly int[] _known = new int[MaxNames];
    private JsonName[] _names = new JsonName[MaxNames];
    private JsonPlace[] _places;
    private int _nameCount;
    private int _count;
    private int _at;

    private JsonNodeReader(ReadOnlyMemory<byte> text, int start, JsonProblems problems)
    {
        _text = text.Span;
        _at = start;
        _problems = problems;
        _places = new JsonPlace[(text.Length / BytesPerPlace) + 1];
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
        if (reader.ReadValue(reader.Next(), depth: 0) && reader.Next() == 0 && reader._at == span.Length)
        {
            return new(new(reader._file, reader._places, reader._names), 0);
        }

        var at = start + EventJson.FindMistake(span[start..], JsonCommentHandling.Skip, out var isTooDeep);
        problems.Add(at, isTooDeep
            ? $"JSON nested deeper than {EventJson.MaxDepth} levels"
            : "this is not JSON: " + EventJson.Near(span, at));
        return null;
    }

    /// <summary>Adds the value that is here, and all that is inside it; false when there is none.</summary>
    /// <param name="next">Its first byte.</param>
    private bool ReadValue(byte next, int depth) => next switch
    {
        (byte)'"' => ReadString(),
        (byte)'{' => depth < EventJson.MaxDepth && ReadObject(depth + 1),
        (byte)'[' => depth < EventJson.MaxDepth && ReadArray(depth + 1),
        (byte)'t' => ReadLiteral("true"u8, JsonTokenType.True),
        (byte)'f' => ReadLiteral("false"u8, JsonTokenType.False),
        (byte)'n' => ReadLiteral("null"u8, JsonTokenType.Null),
        _ => ReadNumber(),
    };

    private bool ReadArray(int depth)
    {
        var array = Open(JsonTokenType.StartArray);
        var count = 0;
        for (var next = Next(); next != ']'; next = Next())
        {
            if (!SkipComma(ref next, isFirst: count == 0) || !ReadValue(next, depth))
            {
                return false;
            }

            count++;
        }

        return Close(array, count);
    }

    private bool ReadObject(int depth)
    {
        var parent = Open(JsonTokenType.StartObject);
        var count = 0;
        Dictionary<string, object>? names = null;
        for (var next = Next(); next != '}'; next = Next())
        {
            if (!SkipComma(ref next, isFirst: count == 0) || next != '"')
            {
                return false;
            }

            var at = _at;
            if (!SkipString(out var isEscaped))
            {
                return false;
            }

            var name = isEscaped ? AddEscaped(at) : ReadName(at + 1, _at - 1);
            // A comment may stand everywhere else.
            if (AfterSpace() != ':')
            {
                return false;
            }

            _at++;
            if (count <= MaxCompared ? Has(parent, name) : HasLookedUp(parent, name, ref names))
            {
                _problems.Add(at, $"'{_names[name].Text}' is given twice");
            }

            var member = _count;
            if (!ReadValue(Next(), depth))
            {
                return false;
            }

            ref var place = ref _places[member];
            place.Name = name;
            place.NameOffset = at;
            count++;
        }

        return Close(parent, count);
    }

    private int Open(JsonTokenType kind)
    {
        Add(kind, _at++);
        return _count - 1;
    }

    private bool Close(int parent, int count)
    {
        _at++;
        ref var place = ref _places[parent];
        place.Length = count;
        place.End = _count;
        return true;
    }

    private ref JsonPlace Add(JsonTokenType kind, int offset)
    {
        if (_count == _places.Length)
        {
            Array.Resize(ref _places, _count * 2);
        }

        ref var place = ref _places[_count++];
        place.Kind = kind;
        place.Offset = offset;
        place.End = _count;
        return ref place;
    }

    private bool ReadString()
    {
        var offset = _at;
        if (!SkipString(out var isEscaped))
        {
            return false;
        }

        ref var place = ref Add(JsonTokenType.String, offset);
        place.Length = _at - offset - 2;
        place.IsEscaped = isEscaped;
        return true;
    }

    private bool ReadLiteral(ReadOnlySpan<byte> literal, JsonTokenType kind)
    {
        var offset = _at;
        _at += literal.Length;
        if (!_text[offset..].StartsWith(literal))
        {
            return false;
        }

        Add(kind, offset);
        return true;
    }

    private bool ReadNumber()
    {
        var offset = _at;
        Skip('-', '-');
        if (!Skip('0', '0') && !SkipDigits())
        {
            return false;
        }

        if (Skip('.', '.') && !SkipDigits())
        {
            return false;
        }

        if (Skip('e', 'E'))
        {
            Skip('+', '-');
            if (!SkipDigits())
            {
                return false;
            }
        }

        Add(JsonTokenType.Number, offset).Length = _at - offset;
        return true;
    }

    /// <summary>Whether a value may be here: it is the first one, or stands after a comma.</summary>
    /// <param name="next">The byte that is here; afterwards the first one of the value.</param>
    private bool SkipComma(ref byte next, bool isFirst)
    {
        if (isFirst || next != ',')
        {
            return isFirst;
        }

        _at++;
        next = Next();
        return true;
    }
}
