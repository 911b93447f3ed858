using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// PutEvents of EventBridge (docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html). An entry that is not valid fails
/// alone. Each other entry becomes an event, which goes to the rules of its event bus.
/// </summary>
internal sealed class EventsService : LocalJsonService
{
    /// <summary>The maximum of all entries together (docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html).</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>EventBridge processes nested JSON up to this depth.</summary>
    private const int MaxDepth = 1_100;

    /// <summary>The size that EventBridge counts for a given time.</summary>
    private const int TimeBytes = 14;

    private readonly LocalWorld _world;
    private readonly Action<string, string, byte[]> _deliver;

    /// <param name="deliver">Receives the id of an event, the name of its event bus, and the event.</param>
    public EventsService(LocalWorld world, Action<string, string, byte[]> deliver)
        : base("events", "AWSEvents.", "application/x-amz-json-1.1")
    {
        (_world, _deliver) = (world, deliver);
        Add("PutEvents", PutEvents);
    }

    private JsonObject PutEvents(JsonObject request)
    {
        var entries = request.Objects("Entries");
        if (entries.Sum(Size) > MaxBytes)
        {
            throw AwsError.Validation("Total size of the entries in the request is over the limit.");
        }

        var results = entries.ConvertAll(Put);
        return new()
        {
            ["FailedEntryCount"] = results.Count(result => result.ContainsKey("ErrorCode")),
            ["Entries"] = new JsonArray([.. results]),
        };
    }

    private static long Size(JsonObject entry) =>
        (entry["Time"] is null ? 0 : TimeBytes)
        + Bytes(entry.Text("Source")) + Bytes(entry.Text("DetailType")) + Bytes(entry.Text("Detail"))
        + entry.List("Resources").Sum(Bytes);

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private JsonObject Put(JsonObject entry)
    {
        foreach (var name in (ReadOnlySpan<string>)["Source", "DetailType", "Detail"])
        {
            if (string.IsNullOrEmpty(entry.Text(name)))
            {
                return Failure("InvalidArgument", $"Parameter {name} is not valid. Reason: {name} is a required argument.");
            }
        }

        if (entry.Text("Source")!.StartsWith("aws.", StringComparison.OrdinalIgnoreCase))
        {
            return Failure("NotAuthorizedForSourceException", "Not authorized for the source.");
        }

        if (!IsObject(entry.Text("Detail")!))
        {
            return Failure("MalformedDetail", "Detail is malformed.");
        }

        var id = Guid.NewGuid().ToString();
        var bus = entry.Text("EventBusName") ?? "default";
        _deliver(id, bus[(bus.LastIndexOf('/') + 1)..], Envelope(id, entry));
        return new() { ["EventId"] = id };
    }

    private static JsonObject Failure(string code, string message) => new() { ["ErrorCode"] = code, ["ErrorMessage"] = message };

    private static bool IsObject(string detail)
    {
        try
        {
            using var document = JsonDocument.Parse(detail, new() { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>
    /// The event (docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). The detail stays as it was sent.
    /// </summary>
    private byte[] Envelope(string id, JsonObject entry)
    {
        var time = entry["Time"] is { } given ? DateTimeOffset.UnixEpoch.AddSeconds(given.GetValue<double>()) : _world.Now;
        using var content = new MemoryStream();
        using (var writer = new Utf8JsonWriter(content, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("version", "0");
            writer.WriteString("id", id);
            writer.WriteString("detail-type", entry.Text("DetailType"));
            writer.WriteString("source", entry.Text("Source"));
            writer.WriteString("account", _world.Account);
            writer.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("region", _world.Region);
            writer.WriteStartArray("resources");
            foreach (var resource in entry.List("Resources"))
            {
                writer.WriteStringValue(resource);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("detail");
            writer.WriteRawValue(entry.Text("Detail")!, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return content.ToArray();
    }
}
