using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// PutItem, GetItem and DeleteItem on tables whose key is the string `id`, with condition expressions as far as AND, OR, comparisons,
/// attribute_exists and attribute_not_exists. A table is there when the world names it.
/// </summary>
internal sealed class DynamoDbService : LocalJsonService
{
    private const int MostItem = 400 * 1024;

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
        if (item.ToJsonString().Length > MostItem)
        {
            throw Invalid("Item size has exceeded the maximum allowed size");
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
            return Table(request).TryGetValue(Key(Attributes(request, "Key")), out var item) ? new() { ["Item"] = item.DeepClone() } : [];
        }
    }

    private void Change(JsonObject request, string key, Action<ConcurrentDictionary<string, JsonObject>, string> change)
    {
        lock (_lock)
        {
            var table = Table(request);
            if (Text(request, "ConditionExpression") is { } expression
                && !new ConditionExpression(expression, request["ExpressionAttributeNames"] as JsonObject ?? [], request["ExpressionAttributeValues"] as JsonObject ?? []).Holds(table.GetValueOrDefault(key) ?? []))
            {
                throw new AwsError(400, "ConditionalCheckFailedException", "The conditional request failed");
            }

            change(table, key);
        }
    }

    private ConcurrentDictionary<string, JsonObject> Table(JsonObject request) => _world.Tables.GetValueOrDefault(Required(request, "TableName"))
        ?? throw new AwsError(400, "ResourceNotFoundException", "Requested resource not found");

    private static JsonObject Attributes(JsonObject request, string name)
    {
        var attributes = request[name] as JsonObject ?? throw Invalid($"{name} is required");
        foreach (var (attribute, value) in attributes)
        {
            if (value is not JsonObject { Count: 1 } typed || typed.First() is not { Value: JsonValue text } pair || pair.Key is not ("S" or "N") || text.GetValueKind() != System.Text.Json.JsonValueKind.String)
            {
                throw new AwsError(400, "SerializationException", $"{attribute} is no {{\"S\": text}} or {{\"N\": number as text}}");
            }

            if (pair.Key == "N" && !decimal.TryParse(text.GetValue<string>(), NumberStyles.Number, CultureInfo.InvariantCulture, out _))
            {
                throw Invalid("The parameter cannot be converted to a numeric value: " + text);
            }
        }

        return attributes;
    }

    private static string Key(JsonObject attributes) =>
        attributes["id"]?["S"]?.GetValue<string>() is { Length: > 0 } id ? id : throw Invalid("One of the required keys was not given a value");
}
