using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>
/// Reads a JSON request by its model. What it returns has only members of the model, each of the model's type, and no null.
/// </summary>
internal static class JsonInput
{
    /// <summary>DynamoDB nests attributes 32 levels deep, with two levels of JSON each.</summary>
    private const int MaxDepth = 128;

    /// <exception cref="AwsError">The body is no JSON, a value has another type, or a member is unknown.</exception>
    public static JsonObject Read(byte[] body, string operation, Shape shape)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            return Structure(document.RootElement, operation, shape);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Text that is no UTF-8, or half a surrogate pair, is found only when it is read.
            throw Malformed($"The request body is no valid JSON: {e.Message}");
        }
    }

    private static JsonObject Structure(JsonElement value, string path, Shape shape)
    {
        Expect(value, JsonValueKind.Object, path, "a structure");
        var read = new JsonObject();
        foreach (var member in value.EnumerateObject())
        {
            if (!shape.Members.TryGetValue(member.Name, out var known))
            {
                throw AwsError.Validation($"{path} has no parameter {member.Name}");
            }

            // A member that is null is absent.
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                read[member.Name] = Value(member.Value, $"{path}.{member.Name}", known.Shape);
            }
        }

        return read;
    }

    private static JsonNode Value(JsonElement value, string path, Shape shape)
    {
        switch (shape.Type)
        {
            case "structure":
                return Structure(value, path, shape);
            case "list":
                Expect(value, JsonValueKind.Array, path, "a list");
                return new JsonArray([.. value.EnumerateArray().Select(element => Value(element, path, shape.Element.Shape))]);
            case "map":
                Expect(value, JsonValueKind.Object, path, "a map");
                return new JsonObject(value.EnumerateObject().Select(entry =>
                    KeyValuePair.Create(entry.Name, (JsonNode?)Value(entry.Value, $"{path}.{entry.Name}", shape.Value.Shape))));
            case "boolean":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? (JsonNode)value.GetBoolean()
                    : throw NotConverted(value, path, "Boolean");
            case "integer":
                Expect(value, JsonValueKind.Number, path, "Integer");
                return value.TryGetDecimal(out var number) && number % 1 == 0 && number is >= int.MinValue and <= int.MaxValue
                    ? (JsonNode)(int)number
                    : throw Malformed($"{path}: {value.GetRawText()} is no Integer");
            case "timestamp":
                return Seconds(value, path);
            case "blob":
                Expect(value, JsonValueKind.String, path, "Blob");
                return Convert.ToBase64String(value.GetBytesFromBase64());
            default:
                Expect(value, JsonValueKind.String, path, "String");
                return value.GetString()!;
        }
    }

    /// <summary>A timestamp is a number of seconds, which stays as it was sent. AWS also takes a date.</summary>
    private static JsonValue Seconds(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && Timestamp.IsValid(seconds))
        {
            return JsonValue.Create(value.Clone())!;
        }

        return value.ValueKind == JsonValueKind.String && Timestamp.Parse(value.GetString()!) is { } parsed
            ? JsonValue.Create(parsed)
            : throw NotConverted(value, path, "Timestamp");
    }

    private static void Expect(JsonElement value, JsonValueKind kind, string path, string type)
    {
        if (value.ValueKind != kind)
        {
            throw NotConverted(value, path, type);
        }
    }

    private static AwsError NotConverted(JsonElement value, string path, string type) => Malformed(value.ValueKind switch
    {
        JsonValueKind.Object => $"Start of structure or map found where not expected: {path} is {type}",
        JsonValueKind.Array => $"Start of list found where not expected: {path} is {type}",
        var kind => string.Create(
            CultureInfo.InvariantCulture,
            $"{kind.ToString().ToUpperInvariant()}_VALUE can not be converted to {type}: {path}"),
    });

    private static AwsError Malformed(string message) => new(400, "SerializationException", message);
}
