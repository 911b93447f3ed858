using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Changes of a table (docs.aws.amazon.com/lambda/latest/dg/with-ddb.html). Patterns and values see the record unchanged, and beside it
/// `plain`: keys and images as ordinary JSON, without the types of their attributes.
/// </summary>
internal sealed class DynamoDbSource : EventSource
{
    public override string Name => "dynamodb";

    public override BatchForm Form => BatchForm.Stream;

    public override string IdText => "the record's eventID";

    public override IReadOnlyList<EventSample> Samples => [new("dynamodb", "A change of a table")];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || !Records.AreOf(content, "aws:dynamodb"u8, IsRecord))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            Read(record, record.Get("dynamodb"u8).Text("SequenceNumber"u8)!, outer, items);
        }

        return true;
    }

    /// <summary>One change as a pipe has it, which takes the eventID of one that was not done.</summary>
    public bool TryReadPipeRecord(JsonElement record, in Envelope outer, List<Item> items)
    {
        if (!record.Get("eventSource"u8).IsText("aws:dynamodb"u8) || !IsRecord(record))
        {
            return false;
        }

        Read(record, record.Text("eventID"u8)!, outer, items);
        return true;
    }

    private void Read(JsonElement record, string recordId, in Envelope outer, List<Item> items)
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
        var envelope = outer with { RecordId = recordId, Group = Records.Shard };
        var seen = Content.Made(Content.With(record, "plain", plain.Span), record);
        items.Add(new(envelope, Name, ItemId.Lasting(record.Text("eventID"u8)!), seen));
    }

    private static bool IsRecord(JsonElement record) =>
        record.Get("eventID"u8).IsText() && record.Get("dynamodb"u8, "SequenceNumber"u8).IsText();

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

    /// <summary>
    /// {"S": "x"} and the like (docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html). What is no attribute is
    /// written unchanged.
    /// </summary>
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

        json.Raw(attribute);
    }

    private static void WriteScalar(JsonBuilder json, JsonElement value, bool isNumber)
    {
        if (isNumber && value.Text() is { } number && IsNumber(number))
        {
            json.Raw(number);
        }
        else
        {
            json.Raw(value);
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
