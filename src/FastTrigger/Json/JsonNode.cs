using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>A value of a file that a person writes. It knows its offset, so that a message can point at a mistake.</summary>
internal sealed class JsonNode(JsonTokenType kind, int offset)
{
    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Kind => kind;

    /// <summary>In bytes from the start of the file.</summary>
    public int Offset => offset;

    /// <summary>The characters of a string, or a number as it is written; else empty.</summary>
    public string Text { get; init; } = "";

    public List<JsonMember> Members { get; } = [];

    public List<JsonNode> Items { get; } = [];

    public bool IsObject => kind == JsonTokenType.StartObject;

    public bool IsArray => kind == JsonTokenType.StartArray;

    public bool IsString => kind == JsonTokenType.String;

    /// <summary>Whether this is an empty object or array.</summary>
    public bool IsEmpty => (IsObject && Members.Count == 0) || (IsArray && Items.Count == 0);

    /// <summary>The name of the kind, for messages.</summary>
    public string KindName => kind switch
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
}

/// <summary>A name and its value, in the order of the file.</summary>
internal sealed record JsonMember(string Name, int Offset, JsonNode Value);
