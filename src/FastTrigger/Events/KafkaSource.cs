using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>Records of Kafka, Amazon's (docs.aws.amazon.com/lambda/latest/dg/with-msk.html) or one's own (with-kafka.html), with key and value decoded: JSON, else text, else base64.</summary>
internal sealed class KafkaSource : EventSource
{
    public override string Name => "kafka";

    public override BatchForm Form => BatchForm.Partitions;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var records = content.Get("records"u8);
        if (records.ValueKind != JsonValueKind.Object || !(content.Get("eventSource"u8).IsText("aws:kafka"u8) || content.Get("eventSource"u8).IsText("SelfManagedKafka"u8)))
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
                if (!record.Get("topic"u8).IsText() || record.Get("partition"u8).ValueKind != JsonValueKind.Number || record.Get("offset"u8).ValueKind != JsonValueKind.Number)
                {
                    return false;
                }
            }
        }

        foreach (var partition in records.EnumerateObject())
        {
            foreach (var record in partition.Value.EnumerateArray())
            {
                var id = $"{record.Text("topic"u8)}-{record.Get("partition"u8).GetRawText()}-{record.Get("offset"u8).GetRawText()}";
                items.Add(new(Name, id, Decoded(record))
                {
                    RecordId = $$"""{"partition":"{{JsonText(record.Text("topic"u8)!)}}-{{record.Get("partition"u8).GetRawText()}}","offset":{{record.Get("offset"u8).GetRawText()}}}""",
                    Group = partition.Name,
                });
            }
        }

        return true;
    }

    private static string JsonText(string text)
    {
        var buffer = new ByteBuffer(text.Length);
        new JsonBuilder(buffer).Inside(text);
        return buffer.ToString();
    }

    private static JsonElement Decoded(JsonElement record)
    {
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length);
        var json = new JsonBuilder(text).BeginObject();
        foreach (var member in record.EnumerateObject())
        {
            json.Name(member.Name);
            text.Append(member.NameEquals("key"u8) || member.NameEquals("value"u8) ? Content.Value(Content.Decode(member.Value), member.Value) : JsonMarshal.GetRawUtf8Value(member.Value));
        }

        json.EndObject();
        return Content.Made([.. text.Span], record);
    }
}
