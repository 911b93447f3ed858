using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>What a record carries as text or base64, made into the JSON that patterns and values look at.</summary>
internal static class Content
{
    /// <summary>
    /// Bytes: what SQS takes, and more than SNS and DynamoDB do. What is longer stays text: opened, a batch of nothing but brackets would
    /// not fit into memory.
    /// </summary>
    private const int MaxOpenedBytes = 1024 * 1024;

    /// <summary>Brackets, names and values, of which a document keeps twelve bytes each, and twice as much while it grows.</summary>
    private const int MaxParts = 1_000_000;

    /// <summary>A bare null would become empty memory.</summary>
    private static ReadOnlyMemory<byte>? NotOpened => null;

    /// <summary>The JSON object in a string, as Lambda's own filters take it; Undefined when the string is any other text.</summary>
    public static JsonElement OfText(JsonElement text) => text.ValueKind == JsonValueKind.String ? Parse(Unescaped(text)) : default;

    /// <summary>What base64 stands for; null when it is no base64.</summary>
    public static ReadOnlyMemory<byte>? Decode(JsonElement base64)
    {
        if (base64.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var bytes = Unescaped(base64);
        if (Base64.DecodeFromUtf8InPlace(bytes.Span, out var written) != OperationStatus.Done)
        {
            return null;
        }

        return bytes[..written];
    }

    /// <summary>A string's UTF-8.</summary>
    public static Memory<byte> Unescaped(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var bytes = new byte[raw.Length];
        return bytes.AsMemory(0, reader.CopyString(bytes));
    }

    /// <summary>The object in these bytes; Undefined when they are anything else.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= MaxOpenedBytes
            && bytes.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8)
            && EventJson.Parse(bytes, out _)?.RootElement is { ValueKind: JsonValueKind.Object } json
                ? json
                : default;

    /// <summary>Bytes as the value of a member: JSON as it is, text as a string, and anything else as the base64 that it came as.</summary>
    public static ReadOnlySpan<byte> Value(ReadOnlyMemory<byte>? decoded, JsonElement otherwise)
    {
        if (decoded is { } bytes && Utf8.IsValid(bytes.Span))
        {
            if (Parse(bytes) is { ValueKind: JsonValueKind.Object } json)
            {
                return JsonMarshal.GetRawUtf8Value(json);
            }

            var text = new ByteBuffer(bytes.Length + 16);
            new JsonBuilder(text).Utf8Text(bytes.Span);
            return text.Span;
        }

        return otherwise.ValueKind == JsonValueKind.Undefined ? "null"u8 : JsonMarshal.GetRawUtf8Value(otherwise);
    }

    public static byte[] Quoted(string text)
    {
        var buffer = new ByteBuffer(text.Length + 2);
        new JsonBuilder(buffer).Text(text);
        return [.. buffer.Span];
    }

    /// <summary>The object with another value for one of its members, or with one more.</summary>
    public static ReadOnlyMemory<byte> With(JsonElement record, string name, ReadOnlySpan<byte> value)
    {
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length + value.Length + name.Length + 8);
        var json = new JsonBuilder(text).BeginObject();
        var isThere = false;
        foreach (var member in record.EnumerateObject())
        {
            json.Name(member.Name);
            var isIt = member.NameEquals(name);
            isThere |= isIt;
            text.Append(isIt ? value : JsonMarshal.GetRawUtf8Value(member.Value));
        }

        if (!isThere)
        {
            json.Name(name);
            text.Append(value);
        }

        json.EndObject();
        return text.Detach();
    }

    /// <summary>The object with the text at this path as the JSON that it is; unchanged when it is no JSON object.</summary>
    public static JsonElement Opened(JsonElement record, params ReadOnlySpan<string> path)
    {
        var made = Open(record, path);
        return made is { } json ? Made(json, record) : record;
    }

    private static ReadOnlyMemory<byte>? Open(JsonElement record, ReadOnlySpan<string> path)
    {
        if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty(path[0], out var value))
        {
            return null;
        }

        if (path.Length > 1)
        {
            return Open(value, path[1..]) is { } inner ? With(record, path[0], inner.Span) : NotOpened;
        }

        return OfText(value) is { ValueKind: JsonValueKind.Object } json
            ? With(record, path[0], JsonMarshal.GetRawUtf8Value(json))
            : NotOpened;
    }

    /// <summary>
    /// What was put together; what it was made of, when that is too deep now, or is made of so many parts that both would not fit into
    /// memory.
    /// </summary>
    public static JsonElement Made(ReadOnlyMemory<byte> json, JsonElement otherwise) =>
        json.Length <= MaxOpenedBytes || CountParts(json.Span) <= MaxParts
            ? EventJson.Parse(json, out _)?.RootElement ?? otherwise
            : otherwise;

    /// <summary>Brackets, names and values, up to where it is no JSON.</summary>
    private static int CountParts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = EventJson.MaxDepth });
        var parts = 0;
        try
        {
            while (reader.Read())
            {
                parts++;
            }
        }
        catch (JsonException)
        {
            // What is too deep now is refused by whoever reads it.
        }

        return parts;
    }
}
