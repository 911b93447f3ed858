using System.Text;
using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>A value of a file that a person writes. It knows its offset, so that a message can point at a mistake.</summary>
internal readonly struct JsonNode(JsonFile file, int index)
{
    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Kind => Place.Kind;

    /// <summary>In bytes from the start of the file.</summary>
    public int Offset => Place.Offset;

    /// <summary>The characters of a string, or a number as it is written; else empty. They are decoded each time.</summary>
    public string Text
    {
        get
        {
            ref readonly var place = ref Place;
            return place.Kind is not (JsonTokenType.String or JsonTokenType.Number) ? ""
                : place.IsEscaped ? Unescape(file.Bytes.AsSpan(place.Offset, place.Length + 2))
                : Encoding.UTF8.GetString(Raw(place));
        }
    }

    /// <summary>The same in UTF-8.</summary>
    public ArraySegment<byte> Utf8
    {
        get
        {
            ref readonly var place = ref Place;
            var isPart = place.Kind is JsonTokenType.String or JsonTokenType.Number && !place.IsEscaped;
            return isPart ? Raw(place) : Encoding.UTF8.GetBytes(Text);
        }
    }

    public JsonMembers Members => IsObject ? new(file, index + 1, Place.Length) : default;

    public JsonItems Items => IsArray ? new(file, index + 1, Place.Length) : default;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    public bool IsString => Kind == JsonTokenType.String;

    /// <summary>Whether this is an empty object or array.</summary>
    public bool IsEmpty => (IsObject || IsArray) && Place.Length == 0;

    /// <summary>The name of the kind, for messages.</summary>
    public string KindName => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    private ref readonly JsonPlace Place => ref file.Places[index];

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

    private ArraySegment<byte> Raw(in JsonPlace place) =>
        new(file.Bytes, place.Offset + (place.Kind == JsonTokenType.String ? 1 : 0), place.Length);
}
