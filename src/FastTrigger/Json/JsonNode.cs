using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>A value of a file that people write: it knows where it stands, so that a mistake in it can be shown.</summary>
internal sealed class JsonNode(JsonTokenType kind, int offset)
{
    /// <summary>StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Kind => kind;

    /// <summary>In bytes from the beginning of the file.</summary>
    public int Offset => offset;

    /// <summary>A string's characters or a number as it is written; empty for the rest.</summary>
    public string Text { get; init; } = "";

    public List<JsonMember> Members { get; } = [];

    public List<JsonNode> Items { get; } = [];

    public bool IsObject => kind == JsonTokenType.StartObject;

    public bool IsArray => kind == JsonTokenType.StartArray;

    public bool IsString => kind == JsonTokenType.String;

    /// <summary>Whether this is an object or an array with nothing in it.</summary>
    public bool IsEmpty => (IsObject && Members.Count == 0) || (IsArray && Items.Count == 0);

    /// <summary>The kind in words, for messages.</summary>
    public string KindName => kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };

    /// <summary>The value of that name; null when there is none.</summary>
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
