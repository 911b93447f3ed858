using System.Text;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>A value of a file that a person writes. It knows its offset, so that a message can point at a mistake.</summary>
internal sealed class JsonNode
{
    private readonly JsonTokenType _kind;
    private readonly bool _isEscaped;
    private readonly int _length;

    /// <summary>
    /// The members of an object or the items of an array. Of a string or a number its text, and until that is asked for, the file.
    /// </summary>
    private object? _content;

    /// <summary>A string or a number.</summary>
    /// <param name="kind">Which of them.</param>
    /// <param name="offset">Where it begins in the file.</param>
    /// <param name="file">The file. It must not change.</param>
    /// <param name="length">How many bytes it has there, without quotes.</param>
    /// <param name="isEscaped">Whether it has escapes.</param>
    public JsonNode(JsonTokenType kind, int offset, byte[] file, int length, bool isEscaped)
        : this(kind, offset, file) => (_length, _isEscaped) = (length, isEscaped);

    /// <summary>Any other value.</summary>
    /// <param name="kind">StartObject, StartArray, True, False or Null.</param>
    /// <param name="offset">Where it begins in the file.</param>
    /// <param name="content">A <see cref="JsonMember"/>[] of an object, a <see cref="JsonNode"/>[] of an array, else null.</param>
    public JsonNode(JsonTokenType kind, int offset, object? content) => (_kind, Offset, _content) = (kind, offset, content);

    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Kind => _kind;

    /// <summary>In bytes from the start of the file.</summary>
    public int Offset { get; }

    /// <summary>The characters of a string, or a number as it is written; else empty.</summary>
    public string Text
    {
        get
        {
            if (_content is byte[] file)
            {
                _content = _isEscaped ? Unescape(file.AsSpan(Offset, _length + 2)) : Encoding.UTF8.GetString(Raw(file));
            }

            return _content as string ?? "";
        }
    }

    /// <summary>The same in UTF-8.</summary>
    public ArraySegment<byte> Utf8 => _content is byte[] file && !_isEscaped ? Raw(file) : Encoding.UTF8.GetBytes(Text);

    public JsonMember[] Members => _content as JsonMember[] ?? [];

    public JsonNode[] Items => _content as JsonNode[] ?? [];

    public bool IsObject => _kind == JsonTokenType.StartObject;

    public bool IsArray => _kind == JsonTokenType.StartArray;

    public bool IsString => _kind == JsonTokenType.String;

    /// <summary>Whether this is an empty object or array.</summary>
    public bool IsEmpty => (IsObject && Members.Length == 0) || (IsArray && Items.Length == 0);

    /// <summary>The name of the kind, for messages.</summary>
    public string KindName => _kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    /// <summary>The value of this name; null when there is none.</summary>
    public JsonNode? Find(string name)
    {
        foreach (var member in Members)
        {
            if (member.Name == name)
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>The characters of a string.</summary>
    /// <param name="json">The string with its quotes.</param>
    public static string Unescape(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    private ArraySegment<byte> Raw(byte[] file) => new(file, Offset + (IsString ? 1 : 0), _length);
}

/// <summary>What is made of each value of a list.</summary>
internal static class JsonNodes
{
    public static List<T> ConvertEach<T>(this JsonNode[] nodes, Func<JsonNode, T> convert)
    {
        var converted = new List<T>(nodes.Length);
        foreach (var node in nodes)
        {
            converted.Add(convert(node));
        }

        return converted;
    }
}

/// <summary>A name and its value, in the order of the file.</summary>
internal readonly struct JsonMember(JsonName name, int offset, JsonNode value)
{
    public string Name => name.Text;

    /// <summary>The name in UTF-8.</summary>
    public byte[] Utf8 => name.Utf8;

    /// <summary>Where the name stands, in bytes from the start of the file.</summary>
    public int Offset => offset;

    public JsonNode Value => value;

    public void Deconstruct(out string text, out int at, out JsonNode node) => (text, at, node) = (Name, offset, value);
}

/// <summary>A name, of which a file has many alike.</summary>
internal sealed class JsonName(string text, byte[] utf8)
{
    public string Text => text;

    public byte[] Utf8 => utf8;
}
