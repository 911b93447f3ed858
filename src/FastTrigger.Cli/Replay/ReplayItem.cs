using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Replay;

/// <summary>One event to deliver again: always as the record of a destination, which tells the function that it is played back and what it was first given as.</summary>
/// <param name="Name">Where it comes from, for people.</param>
/// <param name="Record">What is delivered.</param>
/// <param name="Receipt">Of the message that it came in; null when it came from a file.</param>
internal sealed record ReplayItem(string Name, JsonObject Record, string? Receipt = null)
{
    public string RequestId => Record["requestContext"]!["requestId"]!.GetValue<string>();

    /// <summary>Every event that a document brings: a saved event, a destination's record, a message of a queue, or what ReceiveMessage answered.</summary>
    public static IEnumerable<ReplayItem> Read(JsonNode? document, string name)
    {
        if (document is JsonArray list)
        {
            return list.SelectMany((entry, index) => Read(entry, $"{name}[{index}]"));
        }

        if ((document as JsonObject)?["Messages"] is JsonArray messages)
        {
            return messages.SelectMany((message, index) => Read(message, $"{name}[{index}]"));
        }

        return [ReadMessage(document as JsonObject, name) ?? new(name, Wrap(document, Derive(document)))];
    }

    /// <summary>A message as ReceiveMessage shows it, or as Lambda's event source mapping does; null when it is none.</summary>
    public static ReplayItem? ReadMessage(JsonObject? message, string name)
    {
        var id = Text(message, "MessageId") ?? Text(message, "messageId");
        var body = Text(message, "Body") ?? Text(message, "body");
        if (id is null || body is null)
        {
            return null;
        }

        var attributes = (message!["MessageAttributes"] ?? message["messageAttributes"]) as JsonObject;
        var requestId = attributes?["RequestID"] as JsonObject;
        return new(name, Wrap(Parse(body), Text(requestId, "StringValue") ?? Text(requestId, "stringValue") ?? id), Text(message, "ReceiptHandle"));
    }

    public byte[] Payload(bool dryRun)
    {
        var record = (JsonObject)Record.DeepClone();
        if (dryRun)
        {
            record["fasttrigger-dry-run"] = true;
        }

        return Encoding.UTF8.GetBytes(record.ToJsonString());
    }

    /// <summary>A record stays as it is; an event becomes the payload of one.</summary>
    private static JsonObject Wrap(JsonNode? inner, string requestId) =>
        inner is JsonObject known && known["requestContext"]?["condition"] is not null && known["requestContext"]?["requestId"] is not null ? (JsonObject)known.DeepClone() : new()
        {
            ["version"] = "1.0",
            ["timestamp"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["requestContext"] = new JsonObject { ["requestId"] = requestId, ["condition"] = "RetriesExhausted" },
            ["requestPayload"] = inner?.DeepClone(),
        };

    /// <summary>A saved event has no request id: its text stands for one, so that the same event is the same again.</summary>
    private static string Derive(JsonNode? document) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(document?.ToJsonString() ?? "null")).AsSpan(0, 16)).ToString();

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            // A text is an event too: the function says what is wrong with it.
            return JsonValue.Create(body);
        }
    }

    private static string? Text(JsonObject? message, string name) => message?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
