using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Records that Amazon Data Firehose has transformed (docs.aws.amazon.com/firehose/latest/dev/data-transformation.html), one item each, with `data` decoded. Every record is answered and goes on as it
/// came, unless a C# handler answers {"result", "data"}; one that was not done goes to where Firehose puts what failed.
/// </summary>
internal sealed class FirehoseSource : EventSource
{
    public override string Name => "firehose";

    public override BatchForm Form => BatchForm.Answered;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var records = content.Get("records"u8);
        if (!outer.IsTop || !content.Get("invocationId"u8).IsText() || content.Text("deliveryStreamArn"u8) is not { } stream || records.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var record in records.EnumerateArray())
        {
            if (!record.Get("recordId"u8).IsText() || record.Get("data"u8).ValueKind != JsonValueKind.String)
            {
                return false;
            }
        }

        foreach (var record in records.EnumerateArray())
        {
            var id = record.Text("recordId"u8)!;
            var data = record.Get("data"u8);
            outer.Add(new(Name, $"{stream}/{id}", Content.Made(Content.With(record, "data", Content.Value(Content.Decode(data), data)), record)) { RecordId = id }, items);
        }

        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<Item> items, string requestId)
    {
        var json = new JsonBuilder(answer).BeginObject().Name("records").BeginArray();
        var index = 0;
        foreach (var record in root.Get("records"u8).EnumerateArray())
        {
            var item = items[index++];
            var given = item.End.Answer is { } text ? Content.Parse(Encoding.UTF8.GetBytes(text)) : default;
            var result = !item.IsDone ? "ProcessingFailed" : given.Text("result"u8) is { } said and ("Ok" or "Dropped" or "ProcessingFailed") ? said : "Ok";
            var data = item.IsDone && given.Get("data"u8) is { ValueKind: JsonValueKind.String } changed ? changed : record.Get("data"u8);
            json.BeginObject().Member("recordId", item.RecordId!).Member("result", result).Name("data").Raw(data.GetRawText()).EndObject();
        }

        json.EndArray().EndObject();
        return true;
    }
}
