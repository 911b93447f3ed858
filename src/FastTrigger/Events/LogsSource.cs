using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// A subscription of CloudWatch Logs (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html): gzip in base64, one item
/// a log event. Patterns see its members beside owner, logGroup and logStream, with `message` as JSON when it is a JSON object. The message
/// that CloudWatch Logs sends to see whether the function is there is no event.
/// </summary>
internal sealed class LogsSource : EventSource
{
    /// <summary>
    /// Bytes. CloudWatch Logs sends batches of about a megabyte; what is longer is no log, and would not fit into memory once it is taken
    /// apart.
    /// </summary>
    private const int MaxBatch = 4 * 1024 * 1024;

    public override string Name => "logs";

    public override string IdText => "the log event's id";

    public override IReadOnlyList<EventSample> Samples => [new("logs", "A subscription of CloudWatch Logs: JSON and text")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var data = content.Get("awslogs"u8, "data"u8);
        if (!outer.IsTrusted || data.ValueKind != JsonValueKind.String || Content.Decode(data) is not { } bytes || !Gzip.Is(bytes.Span))
        {
            return false;
        }

        if (!TryOpen(bytes.Span, outer, items, out var problem))
        {
            items.Add(new(outer, Name, outer.Id, content) { Unplayable = $"awslogs.data: {problem}" });
        }

        return true;
    }

    /// <summary>Adds the log events of a batch, in the form in which functions and streams get it.</summary>
    /// <param name="bytes">gzip</param>
    public bool TryOpen(ReadOnlySpan<byte> bytes, in Envelope outer, List<Item> items, out string problem)
    {
        if (Gzip.Inflate(bytes, MaxBatch, out problem) is not { } text)
        {
            return false;
        }

        var batch = EventJson.Parse(text, out problem)?.RootElement ?? default;
        var events = batch.Get("logEvents"u8);
        if (problem.Length > 0 || events.ValueKind != JsonValueKind.Array || !batch.Get("logGroup"u8).IsText()
            || !batch.Get("messageType"u8).IsText() || !AreEvents(events))
        {
            problem = problem.Length > 0 ? problem : "it is no batch of log events";
            return false;
        }

        if (batch.Get("messageType"u8).IsText("CONTROL_MESSAGE"u8))
        {
            return true;
        }

        foreach (var entry in events.EnumerateArray())
        {
            items.Add(new(outer, Name, ItemId.Lasting(entry.Text("id"u8)!), Seen(batch, entry)));
        }

        return true;
    }

    private static bool AreEvents(JsonElement events)
    {
        foreach (var entry in events.EnumerateArray())
        {
            if (!entry.Get("id"u8).IsText() || entry.Get("message"u8).ValueKind != JsonValueKind.String)
            {
                return false;
            }
        }

        return true;
    }

    private static JsonElement Seen(JsonElement batch, JsonElement entry)
    {
        var text = new ByteBuffer(512);
        var json = new JsonBuilder(text).BeginObject();
        foreach (var member in batch.EnumerateObject())
        {
            if (!member.NameEquals("logEvents"u8))
            {
                json.Name(member.Name).Raw(member.Value);
            }
        }

        foreach (var member in entry.EnumerateObject())
        {
            var opened = member.NameEquals("message"u8) ? Content.OfText(member.Value) : default;
            json.Name(member.Name).Raw(opened.ValueKind == JsonValueKind.Object ? opened : member.Value);
        }

        json.EndObject();
        return Content.Made(text.Detach(), entry);
    }
}
