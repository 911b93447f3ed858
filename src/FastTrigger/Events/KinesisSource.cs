using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Http;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Records of a Kinesis stream (docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html). As for Lambda's own filters, what is in `kinesis` is seen one level higher, with
/// `data` decoded: JSON, else text, else base64. Aggregated records of the Kinesis Producer Library are passed on whole, as base64.
/// </summary>
internal static class KinesisSource
{
    public const string Name = "kinesis";

    public static bool TryRead(JsonElement root, in Envelope top, List<Item> items)
    {
        if (!StreamRecords.AreOf(root, "aws:kinesis"u8, static record => record.Get("eventID"u8).IsText() && record.Get("kinesis"u8, "sequenceNumber"u8).IsText() && record.Get("kinesis"u8, "data"u8).ValueKind == JsonValueKind.String))
        {
            return false;
        }

        foreach (var record in root.Get("Records"u8).EnumerateArray())
        {
            var first = items.Count;
            Open(record, top with { IsTrusted = top.Trust(record.Text("eventSourceARN"u8) ?? "") }, items);
            for (var i = first; i < items.Count; i++)
            {
                items[i].RecordId = record.Get("kinesis"u8).Text("sequenceNumber"u8);
                items[i].Group = StreamRecords.Shard;
            }
        }

        return true;
    }

    private static void Open(JsonElement record, in Envelope outer, List<Item> items)
    {
        var id = record.Text("eventID"u8)!;
        var encoded = record.Get("kinesis"u8, "data"u8);
        var data = Content.Decode(encoded);
        if (data is not null && outer.Inner(Name, id).TryOpen(Content.Parse(data), items))
        {
            return;
        }

        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(record).Length);
        var json = new JsonBuilder(text).BeginObject();
        foreach (var member in record.EnumerateObject())
        {
            if (!member.NameEquals("kinesis"u8))
            {
                json.Name(member.Name);
                text.Append(JsonMarshal.GetRawUtf8Value(member.Value));
            }
        }

        foreach (var member in record.Get("kinesis"u8).EnumerateObject())
        {
            json.Name(member.Name);
            text.Append(member.NameEquals("data"u8) ? Content.Value(data, encoded) : JsonMarshal.GetRawUtf8Value(member.Value));
        }

        json.EndObject();
        items.Add(new(Name, id, Content.Made([.. text.Span], record)));
    }
}
