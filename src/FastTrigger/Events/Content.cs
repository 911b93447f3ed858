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

    /// <summary>The JSON object in a string, as Lambda's own filters take it; Undefined when the string is any other text.</summary>
    public static JsonElement OfText(JsonElement text) => text.ValueKind == JsonValueKind.String ? Parse(Unescaped(text)) : default;

    /// <summary>What base64 stands for; null when it is no base64.</summary>
    public static byte[]? Decode(JsonElement base64)
    {
        if (base64.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var text = Unescaped(base64);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text.Span, bytes, out _, out var written) == OperationStatus.Done ? bytes[..written] : null;
    }

    /// <summary>The object in these bytes; Undefined when they are anything else.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes) =>
        bytes.Length <= MaxOpenedBytes
            && bytes.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8)
            && EventJson.Parse(bytes, out _)?.RootElement is { ValueKind: JsonValueKind.Object } json
                ? json
                : default;

    /// <summary>Bytes as the value of a member: JSON as it is, text as a string, and anything else as the base64 that it came as.</summary>
    public static byte[] Value(byte[]? bytes, JsonElement otherwise)
    {
        if (bytes is not null && Parse(bytes) is { ValueKind: JsonValueKind.Object } json)
        {
            return [.. JsonMarshal.GetRawUtf8Value(json)];
        }

        if (bytes is null || !Utf8.IsValid(bytes))
        {
            return otherwise.ValueKind == JsonValueKind.Undefined ? [.. "null"u8] : [.. JsonMarshal.GetRawUtf8Value(otherwise)];
        }

        return Quoted(System.Text.Encoding.UTF8.GetString(bytes));
    }

    public static byte[] Quoted(string text)
    {
        var buffer = new ByteBuffer(text.Length + 2);
        new JsonBuilder(buffer).Text(text);
        return [.. buffer.Span];
    }

    /// <summary>The object with another value for one of its members, or with one more.</summary>
    public static byte[] With(JsonElement record, string name, ReadOnlySpan<byte> value)
    {
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length + value.Length);
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
        return [.. text.Span];
    }

    /// <summary>The object with the text at this path as the JSON that it is; unchanged when it is no JSON object.</summary>
    public static JsonElement Opened(JsonElement record, params ReadOnlySpan<string> path)
    {
        var made = Open(record, path);
        return made is null ? record : Made(made, record);
    }

    private static byte[]? Open(JsonElement record, ReadOnlySpan<string> path)
    {
        if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty(path[0], out var value))
        {
            return null;
        }

        if (path.Length > 1)
        {
            return Open(value, path[1..]) is { } inner ? With(record, path[0], inner) : null;
        }

        return OfText(value) is { ValueKind: JsonValueKind.Object } json ? With(record, path[0], JsonMarshal.GetRawUtf8Value(json)) : null;
    }

    /// <summary>
    /// What was put together; what it was made of, when that is too deep now, or is made of so many parts that both would not fit into
    /// memory.
    /// </summary>
    public static JsonElement Made(byte[] json, JsonElement otherwise) =>
        json.Length <= MaxOpenedBytes || JsonMemory.CountParts(json) <= MaxParts
            ? EventJson.Parse(json, out _)?.RootElement ?? otherwise
            : otherwise;

    private static Memory<byte> Unescaped(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var bytes = new byte[raw.Length];
        return bytes.AsMemory(0, reader.CopyString(bytes));
    }
}
