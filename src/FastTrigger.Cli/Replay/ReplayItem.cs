using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Replay;

/// <summary>
/// One event to deliver again. It is always the record of a destination, which tells the function that this is a replay, and gives the
/// request id of the first delivery.
/// </summary>
/// <param name="Name">The file or message of the event, for people.</param>
/// <param name="Record">The payload of the delivery.</param>
/// <param name="Receipt">The receipt handle of the SQS message; null for an event from a file.</param>
internal sealed record ReplayItem(string Name, JsonObject Record, string? Receipt = null)
{
    public string RequestId => Record["requestContext"]!["requestId"]!.GetValue<string>();

    /// <summary>Reads all events of a document: a saved event, a destination record, a message, or a ReceiveMessage response.</summary>
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

    /// <summary>Reads a message in the format of ReceiveMessage or of Lambda's event source mapping; null when it is none.</summary>
    public static ReplayItem? ReadMessage(JsonObject? message, string name)
    {
        var id = message.OptionalText("MessageId") ?? message.OptionalText("messageId");
        var body = message.OptionalText("Body") ?? message.OptionalText("body");
        if (id is null || body is null)
        {
            return null;
        }

        var attributes = (message!["MessageAttributes"] ?? message["messageAttributes"]) as JsonObject;
        var attribute = attributes?["RequestID"] as JsonObject;
        var requestId = attribute.OptionalText("StringValue") ?? attribute.OptionalText("stringValue") ?? id;
        return new(name, Wrap(Parse(body), requestId), message.OptionalText("ReceiptHandle"));
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

    /// <summary>Leaves a destination record unchanged, and makes any other document the payload of one.</summary>
    private static JsonObject Wrap(JsonNode? inner, string requestId)
    {
        if (inner is JsonObject record && record["requestContext"] is { } context
            && context["condition"] is not null
            && context["requestId"] is not null)
        {
            return (JsonObject)record.DeepClone();
        }

        return new()
        {
            ["version"] = "1.0",
            ["timestamp"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["requestContext"] = new JsonObject { ["requestId"] = requestId, ["condition"] = "RetriesExhausted" },
            ["requestPayload"] = inner?.DeepClone(),
        };
    }

    /// <summary>A saved event has no request id. One is derived from its text, so that the same event always gets the same id.</summary>
    private static string Derive(JsonNode? document)
    {
        var text = Encoding.UTF8.GetBytes(document?.ToJsonString() ?? "null");
        return new Guid(SHA256.HashData(text).AsSpan(0, 16)).ToString();
    }

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (System.Text.Json.JsonException)
        {
            // The function reports what is wrong with an event that is no JSON.
            return JsonValue.Create(body);
        }
    }
}
