using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Records of a Kinesis stream (docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html). As for Lambda's own filters, what is in `kinesis`
/// is seen one level higher, with `data` decoded: JSON, else text, else base64. Batches of CloudWatch Logs in a stream that is trusted are
/// opened. A record that the Kinesis Producer Library has aggregated is passed on whole, as base64, with `aggregated`.
/// </summary>
internal sealed class KinesisSource(LogsSource logs) : EventSource
{
    /// <summary>
    /// How the Kinesis Producer Library's records start (github.com/awslabs/amazon-kinesis-producer, aggregation-format.md).
    /// </summary>
    private static ReadOnlySpan<byte> AggregationMagic => [0xf3, 0x89, 0x9a, 0xc2];

    public override string Name => "kinesis";

    public override BatchForm Form => BatchForm.Stream;

    public override string IdText => "the stream's ARN and the record's eventID";

    public override bool IsEnvelope => true;

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("kinesis", "Records of a stream: JSON and text"),
        new("kinesis-window", "A batch of a tumbling window"),
        new("kinesis-window-end", "The last call of a tumbling window, without records"),
        new("kinesis/eventbridge", "A rule's event in a stream"),
        new("kinesis/logs", "A subscription of CloudWatch Logs, by a stream"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop
            || !Records.AreOf(
                content,
                "aws:kinesis"u8,
                static record => record.Get("eventID"u8).IsText() && IsData(record.Get("kinesis"u8))))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            var kinesis = record.Get("kinesis"u8);
            Read(record, kinesis, kinesis.Text("sequenceNumber"u8)!, outer, items);
        }

        return true;
    }

    /// <summary>
    /// One record as a pipe has it, with what Lambda puts into `kinesis` beside the rest. A pipe takes the eventID of one that was not done
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html).
    /// </summary>
    public bool TryReadPipeRecord(JsonElement record, in Envelope outer, List<Item> items)
    {
        if (!record.Get("eventSource"u8).IsText("aws:kinesis"u8) || !record.Get("eventID"u8).IsText() || !IsData(record))
        {
            return false;
        }

        Read(record, record, record.Text("eventID"u8)!, outer, items);
        return true;
    }

    private static bool IsData(JsonElement data) =>
        data.Get("sequenceNumber"u8).IsText() && data.Get("data"u8).ValueKind == JsonValueKind.String;

    private void Read(JsonElement record, JsonElement kinesis, string recordId, in Envelope outer, List<Item> items)
    {
        var stream = record.Text("eventSourceARN"u8);
        var id = ItemId.Lasting(stream, record.Text("eventID"u8));
        var envelope = outer.From(stream) with { RecordId = recordId, Group = Records.Shard };
        var encoded = kinesis.Get("data"u8);
        var data = Content.Decode(encoded);
        if (data is { } bytes && TryOpen(bytes, envelope.Inner(Name, id, record), items))
        {
            return;
        }

        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length);
        var json = new JsonBuilder(text).BeginObject();
        foreach (var member in record.EnumerateObject())
        {
            if (!member.NameEquals("kinesis"u8) && !member.NameEquals("data"u8))
            {
                json.Name(member.Name).Raw(member.Value);
            }
        }

        // Of a record from a pipe they are one and the same, and its members are written already.
        var isNested = kinesis.Get("eventID"u8).ValueKind == JsonValueKind.Undefined;
        foreach (var member in kinesis.EnumerateObject())
        {
            if (member.NameEquals("data"u8))
            {
                json.Name("data");
                text.Append(Content.Value(data, encoded));
            }
            else if (isNested)
            {
                json.Name(member.Name).Raw(member.Value);
            }
        }

        if (data is { } decoded && decoded.Span.StartsWith(AggregationMagic))
        {
            json.Name("aggregated").Boolean(true);
        }

        json.EndObject();
        items.Add(new(envelope, Name, id, Content.Made(text.Detach(), record)) { DataField = "data" });
    }

    private bool TryOpen(ReadOnlyMemory<byte> data, in Envelope inner, List<Item> items) =>
        Gzip.Is(data.Span) ? inner.IsTrusted && logs.TryOpen(data.Span, inner, items, out _) : inner.TryOpen(Content.Parse(data), items);
}
