using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Records that Amazon Data Firehose has transformed (docs.aws.amazon.com/firehose/latest/dev/data-transformation.html), one item each,
/// with `data` decoded. Every record is answered and goes on unchanged, also when no route takes it, unless a C# handler answers {"result",
/// "data"}; one that was not done goes to where Firehose puts what failed.
/// </summary>
internal sealed class FirehoseSource : EventSource
{
    public override string Name => "firehose";

    public override BatchForm Form => BatchForm.Answered;

    public override string IdText => "the stream's ARN and the record's id";

    public override IReadOnlyList<EventSample> Samples => [new("firehose", "Records that Amazon Data Firehose has transformed")];

    public override string AnswerText => "`records`: Ok, Dropped or ProcessingFailed";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var records = content.Get("records"u8);
        if (!outer.IsTop || !content.Get("invocationId"u8).IsText() || content.Text("deliveryStreamArn"u8) is not { } stream
            || records.ValueKind != JsonValueKind.Array)
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
            var seen = Content.Made(Content.With(record, "data", Content.Value(Content.Decode(data), data)), record);
            items.Add(new(outer with { RecordId = id }, Name, ItemId.Lasting(stream, id), seen));
        }

        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        var json = new JsonBuilder(answer).BeginObject().Name("records").BeginArray();
        var index = 0;
        foreach (var record in root.Get("records"u8).EnumerateArray())
        {
            var item = items[index++];
            var given = item.Given is { } text ? Content.Parse(Encoding.UTF8.GetBytes(text)) : default;
            var result = item.IsUndone ? "ProcessingFailed"
                : given.Text("result"u8) is { } said and ("Ok" or "Dropped" or "ProcessingFailed") ? said
                : "Ok";
            var data = !item.IsUndone && given.Get("data"u8) is { ValueKind: JsonValueKind.String } changed
                ? changed
                : record.Get("data"u8);
            json.BeginObject()
                .Member("recordId", item.Item.RecordId!)
                .Member("result", result)
                .Name("data").Raw(data)
                .EndObject();
        }

        json.EndArray().EndObject();
        return true;
    }
}
