using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>Reads a file into <see cref="JsonNode"/>s. It stops at the first mistake in the JSON itself.</summary>
internal static class JsonNodeReader
{
    public static JsonNode? Read(ReadOnlySpan<byte> text, JsonProblems problems)
    {
        if (EventJson.FindInvalidUtf8(text) is >= 0 and var offset)
        {
            problems.Add(offset, "the file is not UTF-8 here");
            return null;
        }

        if (EventJson.FindLoneSurrogate(text) is >= 0 and var half)
        {
            problems.Add(half, "half of a surrogate pair is not a character");
            return null;
        }

        var start = text.StartsWith("\uFEFF"u8) ? 3 : 0;
        var options = new JsonReaderOptions { MaxDepth = EventJson.MaxDepth, CommentHandling = JsonCommentHandling.Skip };
        var reader = new Utf8JsonReader(text[start..], options);
        try
        {
            reader.Read();
            var root = ReadValue(ref reader, start, problems);
            // This read throws when anything follows the value.
            reader.Read();
            return root;
        }
        catch (JsonException)
        {
            var at = start + (int)reader.BytesConsumed;
            problems.Add(at, EventJson.IsTooDeep(reader, text, at)
                ? $"JSON nested deeper than {EventJson.MaxDepth} levels"
                : "this is not JSON: " + EventJson.Near(text, at));
            return null;
        }
    }

    private static JsonNode ReadValue(ref Utf8JsonReader reader, int start, JsonProblems problems)
    {
        var offset = start + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, new(JsonTokenType.StartObject, offset), start, problems);
            case JsonTokenType.StartArray:
                var array = new JsonNode(JsonTokenType.StartArray, offset);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    array.Items.Add(ReadValue(ref reader, start, problems));
                }

                return array;
            case JsonTokenType.String:
                return new(JsonTokenType.String, offset) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new(JsonTokenType.Number, offset) { Text = System.Text.Encoding.ASCII.GetString(reader.ValueSpan) };
            default:
                return new(reader.TokenType, offset);
        }
    }

    private static JsonNode ReadObject(ref Utf8JsonReader reader, JsonNode node, int start, JsonProblems problems)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var offset = start + (int)reader.TokenStartIndex;
            if (node.Find(name) is not null)
            {
                problems.Add(offset, $"'{name}' is given twice");
            }

            reader.Read();
            node.Members.Add(new(name, offset, ReadValue(ref reader, start, problems)));
        }

        return node;
    }
}
