using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// PutItem, GetItem and DeleteItem with condition expressions, on tables whose key is the string `id`. The world names the tables.
/// </summary>
internal sealed class DynamoDbService : LocalJsonService
{
    private const int MaxItemLength = 400 * 1024;

    private readonly LocalWorld _world;
    private readonly Lock _lock = new();

    public DynamoDbService(LocalWorld world)
        : base("dynamodb", "DynamoDB_20120810.", "application/x-amz-json-1.0")
    {
        _world = world;
        string[] conditions = ["ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"];
        Add("PutItem", PutItem, ["TableName", "Item", .. conditions]);
        Add("GetItem", GetItem, "TableName", "Key", "ConsistentRead");
        Add("DeleteItem", DeleteItem, ["TableName", "Key", .. conditions]);
    }

    private JsonObject PutItem(JsonObject request)
    {
        var item = Attributes(request, "Item");
        if (item.ToJsonString().Length > MaxItemLength)
        {
            throw AwsError.Validation("Item size has exceeded the maximum allowed size");
        }

        Change(request, Key(item), (table, key) => table[key] = (JsonObject)item.DeepClone());
        return [];
    }

    private JsonObject DeleteItem(JsonObject request)
    {
        Change(request, Key(Attributes(request, "Key")), (table, key) => table.TryRemove(key, out _));
        return [];
    }

    private JsonObject GetItem(JsonObject request)
    {
        lock (_lock)
        {
            var key = Key(Attributes(request, "Key"));
            return Table(request).TryGetValue(key, out var item) ? new() { ["Item"] = item.DeepClone() } : [];
        }
    }

    private void Change(JsonObject request, string key, Action<ConcurrentDictionary<string, JsonObject>, string> change)
    {
        lock (_lock)
        {
            var table = Table(request);
            if (ReadCondition(request) is { } condition && !condition.Holds(table.GetValueOrDefault(key) ?? []))
            {
                throw new AwsError(400, "ConditionalCheckFailedException", "The conditional request failed");
            }

            change(table, key);
        }
    }

    private static ConditionExpression? ReadCondition(JsonObject request) =>
        request.Text("ConditionExpression") is { } expression
            ? new(
                expression,
                request["ExpressionAttributeNames"] as JsonObject ?? [],
                request["ExpressionAttributeValues"] as JsonObject ?? [])
            : null;

    private ConcurrentDictionary<string, JsonObject> Table(JsonObject request) =>
        _world.Tables.GetValueOrDefault(request.Required("TableName"))
        ?? throw new AwsError(400, "ResourceNotFoundException", "Requested resource not found");

    private static JsonObject Attributes(JsonObject request, string name)
    {
        var attributes = request[name] as JsonObject ?? throw AwsError.Validation($"{name} is required");
        foreach (var (attribute, value) in attributes)
        {
            if (value is not JsonObject { Count: 1 } typed
                || typed.First() is not { Key: "S" or "N", Value: JsonValue text } pair
                || text.GetValueKind() != JsonValueKind.String)
            {
                throw new AwsError(400, "SerializationException", $"{attribute} is no {{\"S\": text}} or {{\"N\": number as text}}");
            }

            if (pair.Key == "N" && !decimal.TryParse(text.GetValue<string>(), NumberStyles.Number, CultureInfo.InvariantCulture, out _))
            {
                throw AwsError.Validation("The parameter cannot be converted to a numeric value: " + text);
            }
        }

        return attributes;
    }

    private static string Key(JsonObject attributes) =>
        attributes["id"]?["S"]?.GetValue<string>() is { Length: > 0 } id
            ? id
            : throw AwsError.Validation("One of the required keys was not given a value");
}
