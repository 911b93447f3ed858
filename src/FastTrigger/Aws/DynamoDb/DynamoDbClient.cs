using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.DynamoDb;

/// <summary>An attribute: a string (S), or a number (N) as DynamoDB writes it.</summary>
internal readonly record struct AttributeValue(string Name, string Type, string Value);

/// <summary>A condition, with the meaning of its names (#x) and values (:x).</summary>
internal readonly record struct Condition(
    string Expression,
    IReadOnlyList<(string Name, string Attribute)> Names,
    IReadOnlyList<AttributeValue> Values);

/// <summary>
/// The operations of Amazon DynamoDB that are used, on items whose key is the string `id`
/// (docs.aws.amazon.com/amazondynamodb/latest/APIReference). Each write has a condition, so that it may be repeated.
/// </summary>
internal sealed class DynamoDbClient(AwsCaller aws, string region)
    : JsonServiceClient(aws, region, null, "DynamoDB_20120810.", AwsProtocol.Json10)
{
    public const string ConditionFailed = "ConditionalCheckFailedException";

    private const string Service = "dynamodb";

    public static class Operations
    {
        private static readonly WholeAnswer s_written = WholeAnswer.Optional("Attributes", "ConsumedCapacity", "ItemCollectionMetrics");

        public static readonly AwsOperation PutItem = new(Service, nameof(PutItem), s_written, Changes: true);

        public static readonly AwsOperation DeleteItem = new(Service, nameof(DeleteItem), s_written, Changes: true);

        public static readonly AwsOperation GetItem = new(Service, nameof(GetItem), WholeAnswer.Optional("Item", "ConsumedCapacity"));
    }

    /// <param name="put">Calls <see cref="WritePut"/>. It is called again when the call shows that the clock was wrong.</param>
    public AwsFailure? PutItem(Action<JsonBuilder> put, Deadline deadline)
    {
        Write(put);
        return Call(Operations.PutItem, deadline, out _);
    }

    public static void WritePut(JsonBuilder writer, string table, IReadOnlyList<AttributeValue> item, in Condition condition)
    {
        writer.Member("TableName", table);
        WriteItem(writer, "Item", item);
        WriteCondition(writer, condition);
    }

    public AwsFailure? DeleteItem(string table, string id, in Condition condition, Deadline deadline)
    {
        var given = condition;
        Write(writer =>
        {
            writer.Member("TableName", table);
            WriteItem(writer, "Key", [new("id", "S", id)]);
            WriteCondition(writer, given);
        });
        return Call(Operations.DeleteItem, deadline, out _);
    }

    /// <summary>Reads the latest version of an item; Undefined when there is no such item.</summary>
    public AwsFailure? GetItem(string table, string id, Deadline deadline, out JsonElement item)
    {
        Write(writer =>
        {
            writer.Member("TableName", table);
            WriteItem(writer, "Key", [new("id", "S", id)]);
            writer.Name("ConsistentRead").Boolean(true);
        });
        var failure = Call(Operations.GetItem, deadline, out var answer);
        item = answer.Get("Item"u8);
        return failure;
    }

    /// <summary>An attribute's text, whatever its type; null when the item has no attribute of that name.</summary>
    public static string? Text(JsonElement item, ReadOnlySpan<byte> name) => item.Get(name, "S"u8).Text() ?? item.Get(name, "N"u8).Text();

    private static void WriteItem(JsonBuilder writer, string name, IReadOnlyList<AttributeValue> attributes)
    {
        writer.Name(name).BeginObject();
        foreach (var attribute in attributes)
        {
            writer.Name(attribute.Name).BeginObject().Member(attribute.Type, attribute.Value).EndObject();
        }

        writer.EndObject();
    }

    private static void WriteCondition(JsonBuilder writer, in Condition condition)
    {
        writer.Member("ConditionExpression", condition.Expression);
        if (condition.Names.Count > 0)
        {
            writer.Name("ExpressionAttributeNames").BeginObject();
            foreach (var (name, attribute) in condition.Names)
            {
                writer.Member(name, attribute);
            }

            writer.EndObject();
        }

        WriteItem(writer, "ExpressionAttributeValues", condition.Values);
    }
}
