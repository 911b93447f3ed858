using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Changes of a table (docs.aws.amazon.com/lambda/latest/dg/with-ddb.html). Patterns and values see the record as it is, and beside it `plain`: keys and images as ordinary
/// JSON, without the types of their attributes.
/// </summary>
internal sealed class DynamoDbSource : EventSource
{
    public override string Name => "dynamodb";

    public override BatchForm Form => BatchForm.Stream;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !Records.AreOf(content, "aws:dynamodb"u8, IsRecord))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            Add(record, outer, items);
        }

        return true;
    }

    /// <summary>One change, as it also comes by a pipe.</summary>
    public bool TryReadRecord(JsonElement record, in Envelope outer, List<Item> items) =>
        record.Get("eventSource"u8).IsText("aws:dynamodb"u8) && IsRecord(record) && Add(record, outer, items);

    private bool Add(JsonElement record, in Envelope outer, List<Item> items)
    {
        var change = record.Get("dynamodb"u8);
        var plain = new ByteBuffer(512);
        var json = new JsonBuilder(plain).BeginObject();
        foreach (var name in (ReadOnlySpan<string>)["Keys", "NewImage", "OldImage"])
        {
            if (change.TryGetProperty(name, out var image) && image.ValueKind == JsonValueKind.Object)
            {
                json.Name(name);
                WriteMembers(json, plain, image);
            }
        }

        json.EndObject();
        return outer.Add(new(Name, record.Text("eventID"u8)!, Content.Made(Content.With(record, "plain", plain.Span), record)) { RecordId = change.Text("SequenceNumber"u8), Group = Records.Shard }, items);
    }

    private static bool IsRecord(JsonElement record) => record.Get("eventID"u8).IsText() && record.Get("dynamodb"u8, "SequenceNumber"u8).IsText();

    private static void WriteMembers(JsonBuilder json, ByteBuffer text, JsonElement members)
    {
        json.BeginObject();
        foreach (var member in members.EnumerateObject())
        {
            json.Name(member.Name);
            Write(json, text, member.Value);
        }

        json.EndObject();
    }

    /// <summary>{"S": "x"} and the like (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html). What is no attribute is written as it is.</summary>
    private static void Write(JsonBuilder json, ByteBuffer text, JsonElement attribute)
    {
        if (attribute.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in attribute.EnumerateObject())
            {
                var (type, value) = (member.Name, member.Value);
                switch (type)
                {
                    case "M" when value.ValueKind == JsonValueKind.Object:
                        WriteMembers(json, text, value);
                        return;
                    case "L" or "SS" or "NS" or "BS" when value.ValueKind == JsonValueKind.Array:
                        json.BeginArray();
                        foreach (var item in value.EnumerateArray())
                        {
                            if (type == "L")
                            {
                                Write(json, text, item);
                            }
                            else
                            {
                                WriteScalar(json, item, isNumber: type == "NS");
                            }
                        }

                        json.EndArray();
                        return;
                    case "NULL":
                        json.Raw("null");
                        return;
                    case "S" or "N" or "B" or "BOOL":
                        WriteScalar(json, value, isNumber: type == "N");
                        return;
                }
            }
        }

        json.Raw(attribute.GetRawText());
    }

    private static void WriteScalar(JsonBuilder json, JsonElement value, bool isNumber)
    {
        if (isNumber && value.Text() is { } number && IsNumber(number))
        {
            json.Raw(number);
        }
        else
        {
            json.Raw(value.GetRawText());
        }
    }

    private static bool IsNumber(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.BytesConsumed == text.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
