using System.Collections.Concurrent;
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
        // Expressions have replaced these.
        Add("PutItem", PutItem, "Expected", "ConditionalOperator");
        Add("GetItem", GetItem);
        Add("DeleteItem", DeleteItem, "Expected", "ConditionalOperator");
    }

    private JsonObject PutItem(JsonObject request)
    {
        var item = (JsonObject)request["Item"]!;
        AttributeValues.Check(item);
        if (item.ToJsonString().Length > MaxItemLength)
        {
            throw AwsError.Validation("Item size has exceeded the maximum allowed size");
        }

        return Change(request, Key(item), (table, key) => table[key] = (JsonObject)item.DeepClone());
    }

    private JsonObject DeleteItem(JsonObject request) =>
        Change(request, Key((JsonObject)request["Key"]!), (table, key) => table.TryRemove(key, out _));

    private JsonObject GetItem(JsonObject request)
    {
        var key = Key((JsonObject)request["Key"]!);
        var names = Projection.Read(request);
        lock (_lock)
        {
            var table = Table(request);
            var response = Answer(request);
            if (table.TryGetValue(key, out var item))
            {
                response["Item"] = Projection.Apply(names, item);
            }

            return response;
        }
    }

    private JsonObject Change(JsonObject request, string key, Action<ConcurrentDictionary<string, JsonObject>, string> change)
    {
        var returned = request.Text("ReturnValues") ?? "NONE";
        if (returned is not ("NONE" or "ALL_OLD"))
        {
            throw AwsError.Validation("Return values set to invalid value");
        }

        lock (_lock)
        {
            var table = Table(request);
            var old = table.GetValueOrDefault(key);
            if (ConditionExpression.Of(request) is { } condition && !condition.Holds(old ?? []))
            {
                var withItem = old is not null && request.Text("ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
                throw new AwsError(400, "ConditionalCheckFailedException", "The conditional request failed")
                {
                    Details = withItem ? new() { ["Item"] = old!.DeepClone() } : [],
                };
            }

            change(table, key);
            var response = Answer(request);
            if (returned == "ALL_OLD" && old is not null)
            {
                response["Attributes"] = old.DeepClone();
            }

            return response;
        }
    }

    private static JsonObject Answer(JsonObject request) => request.Text("ReturnConsumedCapacity") is null or "NONE"
        ? []
        : new() { ["ConsumedCapacity"] = new JsonObject { ["TableName"] = request.Text("TableName"), ["CapacityUnits"] = 1.0 } };

    private ConcurrentDictionary<string, JsonObject> Table(JsonObject request) =>
        _world.Tables.GetValueOrDefault(request.Required("TableName"))
        ?? throw new AwsError(400, "ResourceNotFoundException", "Requested resource not found");

    private static string Key(JsonObject attributes) =>
        attributes["id"]?["S"]?.GetValue<string>() is { Length: > 0 } id
            ? id
            : throw AwsError.Validation("One of the required keys was not given a value");
}
