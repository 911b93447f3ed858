using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>Reads a file into <see cref="JsonNode"/>s. It stops at the first mistake in the JSON itself.</summary>
internal sealed class JsonNodeReader
{
    /// <summary>How many different names are remembered; a power of two.</summary>
    private const int MaxNames = 64;

    private readonly byte[] _file;
    private readonly JsonProblems _problems;
    private readonly JsonName?[] _names = new JsonName?[MaxNames];

    /// <summary>The members of the objects, and the items of the arrays, that are not complete.</summary>
    private JsonMember[] _members = new JsonMember[32];
    private JsonNode[] _items = new JsonNode[32];
    private int _memberCount;
    private int _itemCount;

    private JsonNodeReader(byte[] file, JsonProblems problems) => (_file, _problems) = (file, problems);

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
        var options = new JsonReaderOptions { MaxDepth = EventJson.MaxDepth, CommentHandling = JsonCommentHandling.Skip };
        var reader = new Utf8JsonReader(span[start..], options);
        try
        {
            reader.Read();
            var root = new JsonNodeReader(FileOf(text), problems).ReadValue(ref reader, start);
            // This read throws when anything follows the value.
            reader.Read();
            return root;
        }
        catch (JsonException)
        {
            var at = start + (int)reader.BytesConsumed;
            problems.Add(at, EventJson.IsTooDeep(reader, span, at)
                ? $"JSON nested deeper than {EventJson.MaxDepth} levels"
                : "this is not JSON: " + EventJson.Near(span, at));
            return null;
        }
    }

    private static byte[] FileOf(ReadOnlyMemory<byte> text) =>
        MemoryMarshal.TryGetArray(text, out var whole) && whole is { Offset: 0, Array: { } file } ? file : text.ToArray();

    private JsonNode ReadValue(ref Utf8JsonReader reader, int start)
    {
        var kind = reader.TokenType;
        var offset = start + (int)reader.TokenStartIndex;
        return kind switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, start),
            JsonTokenType.StartArray => ReadArray(ref reader, start),
            JsonTokenType.String or JsonTokenType.Number => new(kind, offset, _file, reader.ValueSpan.Length, reader.ValueIsEscaped),
            _ => new(kind, offset, content: null),
        };
    }

    private JsonNode ReadArray(ref Utf8JsonReader reader, int start)
    {
        var offset = start + (int)reader.TokenStartIndex;
        var first = _itemCount;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = ReadValue(ref reader, start);
            if (_itemCount == _items.Length)
            {
                Array.Resize(ref _items, _itemCount * 2);
            }

            _items[_itemCount++] = item;
        }

        var items = new List<JsonNode>(_itemCount - first);
        for (var i = first; i < _itemCount; i++)
        {
            items.Add(_items[i]);
        }

        _itemCount = first;
        return new(JsonTokenType.StartArray, offset, items);
    }

    private JsonNode ReadObject(ref Utf8JsonReader reader, int start)
    {
        var offset = start + (int)reader.TokenStartIndex;
        var first = _memberCount;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = ReadName(reader);
            var at = start + (int)reader.TokenStartIndex;
            foreach (ref readonly var known in _members.AsSpan(first, _memberCount - first))
            {
                if (known.Name == name.Text)
                {
                    _problems.Add(at, $"'{name.Text}' is given twice");
                    break;
                }
            }

            reader.Read();
            var value = ReadValue(ref reader, start);
            if (_memberCount == _members.Length)
            {
                Array.Resize(ref _members, _memberCount * 2);
            }

            _members[_memberCount++] = new(name, at, value);
        }

        var members = _members.AsSpan(first, _memberCount - first).ToArray();
        _memberCount = first;
        return new(JsonTokenType.StartObject, offset, members);
    }

    private JsonName ReadName(in Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.IsEmpty)
        {
            return new(reader.GetString()!);
        }

        var utf8 = reader.ValueSpan;
        ref var known = ref _names[((utf8[0] * 7) + (utf8[^1] * 3) + utf8.Length) & (MaxNames - 1)];
        return known is not null && utf8.SequenceEqual(known.Utf8) ? known : known = new(Encoding.UTF8.GetString(utf8));
    }
}
