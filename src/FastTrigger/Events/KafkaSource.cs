using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Records of Kafka, Amazon's (docs.aws.amazon.com/lambda/latest/dg/with-msk.html) or one's own (with-kafka.html), with key and value
/// decoded: JSON, else text, else base64.
/// </summary>
internal sealed class KafkaSource : EventSource
{
    public override string Name => "kafka";

    public override BatchForm Form => BatchForm.Partitions;

    public override string IdText => "the cluster, the topic, the partition, the offset and the record's time";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("kafka", "A record of Amazon MSK"),
        new("kafka-own", "A record of a Kafka cluster of one's own"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var records = content.Get("records"u8);
        if (!outer.IsTop || records.ValueKind != JsonValueKind.Object || ClusterOf(content) is not { } cluster)
        {
            return false;
        }

        foreach (var partition in records.EnumerateObject())
        {
            if (partition.Value.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            foreach (var record in partition.Value.EnumerateArray())
            {
                if (!IsRecord(record))
                {
                    return false;
                }
            }
        }

        foreach (var partition in records.EnumerateObject())
        {
            foreach (var record in partition.Value.EnumerateArray())
            {
                items.Add(Read(record, cluster, outer with { RecordId = RecordIdOf(record), Group = partition.Name }));
            }
        }

        return true;
    }

    /// <summary>One record as a pipe has it. A pipe tries the whole batch again.</summary>
    public bool TryReadPipeRecord(JsonElement record, in Envelope outer, List<Item> items)
    {
        if (!IsRecord(record) || ClusterOf(record) is not { } cluster)
        {
            return false;
        }

        items.Add(Read(record, cluster, outer with { Group = record.Text("eventSourceKey"u8) ?? PartitionOf(record) }));
        return true;
    }

    /// <summary>The ARN of Amazon's, the bootstrap servers of one's own; null when it is no event of Kafka.</summary>
    private static string? ClusterOf(JsonElement content)
    {
        var source = content.Get("eventSource"u8);
        if (source.IsText("aws:kafka"u8) && content.Text("eventSourceArn"u8) is { } arn)
        {
            return arn;
        }

        if (!source.IsText("aws:kafka"u8) && !source.IsText("SelfManagedKafka"u8))
        {
            return null;
        }

        // The order in which they are configured says nothing about the cluster.
        var servers = content.Text("bootstrapServers"u8)
            ?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(servers ?? [], StringComparer.Ordinal);
        return servers is null ? null : string.Join(',', servers);
    }

    private static bool IsRecord(JsonElement record) => record.Get("topic"u8).IsText()
        && record.Get("partition"u8).ValueKind == JsonValueKind.Number && record.Get("offset"u8).ValueKind == JsonValueKind.Number;

    /// <summary>An offset is used again when a topic is made anew, so the time belongs to the id.</summary>
    private Item Read(JsonElement record, string cluster, in Envelope envelope)
    {
        var time = record.Get("timestamp"u8) is { ValueKind: JsonValueKind.Number } timestamp ? timestamp.GetRawText() : "";
        var id = ItemId.Lasting(cluster, PartitionOf(record), record.Get("offset"u8).GetRawText(), time);
        return new(envelope, Name, id, Decoded(record)) { DataField = "value" };
    }

    private static string PartitionOf(JsonElement record) => $"{record.Text("topic"u8)}-{record.Get("partition"u8).GetRawText()}";

    /// <summary>docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html</summary>
    private static string RecordIdOf(JsonElement record)
    {
        var text = new ByteBuffer(64);
        new JsonBuilder(text).BeginObject()
            .Member("partition", PartitionOf(record))
            .Name("offset").Raw(record.Get("offset"u8))
            .EndObject();
        return text.ToString();
    }

    private static JsonElement Decoded(JsonElement record)
    {
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length);
        var json = new JsonBuilder(text).BeginObject();
        foreach (var member in record.EnumerateObject())
        {
            json.Name(member.Name);
            text.Append(member.NameEquals("key"u8) || member.NameEquals("value"u8)
                ? Content.Value(Content.Decode(member.Value), member.Value)
                : JsonMarshal.GetRawUtf8Value(member.Value));
        }

        json.EndObject();
        return Content.Made(text.Detach(), record);
    }
}
