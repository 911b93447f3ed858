using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// SendMessage, ReceiveMessage, DeleteMessage, ChangeMessageVisibility and GetQueueAttributes of standard queues with a visibility timeout.
/// </summary>
internal sealed class SqsService : LocalJsonService
{
    private readonly LocalWorld _world;

    public SqsService(LocalWorld world)
        : base("sqs", "AmazonSQS.", "application/x-amz-json-1.0")
    {
        _world = world;
        Add("SendMessage", SendMessage, "QueueUrl", "MessageBody", "MessageAttributes");
        Add(
            "ReceiveMessage",
            ReceiveMessage,
            "QueueUrl",
            "MaxNumberOfMessages",
            "VisibilityTimeout",
            "WaitTimeSeconds",
            "MessageAttributeNames",
            "MessageSystemAttributeNames");
        Add("DeleteMessage", DeleteMessage, "QueueUrl", "ReceiptHandle");
        Add("ChangeMessageVisibility", ChangeMessageVisibility, "QueueUrl", "ReceiptHandle", "VisibilityTimeout");
        Add("GetQueueAttributes", GetQueueAttributes, "QueueUrl", "AttributeNames");
    }

    private JsonObject SendMessage(JsonObject request)
    {
        var message = new LocalMessage(request.Required("MessageBody"), (JsonObject?)request["MessageAttributes"]?.DeepClone() ?? []);
        lock (_world.Queues)
        {
            Queue(request).Add(message);
        }

        return new() { ["MessageId"] = message.Id, ["MD5OfMessageBody"] = Md5(message.Body) };
    }

    private JsonObject ReceiveMessage(JsonObject request)
    {
        var max = Number(request, "MaxNumberOfMessages", 1, 1, 10);
        var visibilitySeconds = Number(request, "VisibilityTimeout", 30, 0, 43_200);
        _ = Number(request, "WaitTimeSeconds", 0, 0, 20);
        var names = request.List("MessageAttributeNames");
        lock (_world.Queues)
        {
            var found = Queue(request).Where(message => message.VisibleAt <= _world.Now).Take(max).ToList();
            foreach (var message in found)
            {
                message.VisibleAt = _world.Now.AddSeconds(visibilitySeconds);
                message.Receipt = Guid.NewGuid().ToString();
                message.Received++;
            }

            return found.Count == 0 ? [] : new() { ["Messages"] = new JsonArray([.. found.Select(message => Describe(message, names))]) };
        }
    }

    private static JsonObject Describe(LocalMessage message, List<string> names)
    {
        var described = new JsonObject
        {
            ["MessageId"] = message.Id,
            ["ReceiptHandle"] = message.Receipt,
            ["Body"] = message.Body,
            ["MD5OfBody"] = Md5(message.Body),
            ["Attributes"] = new JsonObject { ["ApproximateReceiveCount"] = message.Received.ToString(CultureInfo.InvariantCulture) },
        };
        var attributes = message.Attributes
            .Where(attribute => names.Contains("All") || names.Contains(attribute.Key))
            .Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value?.DeepClone()))
            .ToList();
        if (attributes.Count > 0)
        {
            described["MessageAttributes"] = new JsonObject(attributes);
        }

        return described;
    }

    private JsonObject DeleteMessage(JsonObject request)
    {
        lock (_world.Queues)
        {
            // An old receipt handle deletes nothing and is no error.
            Queue(request).RemoveAll(message => message.Receipt == request.Required("ReceiptHandle"));
        }

        return [];
    }

    private JsonObject ChangeMessageVisibility(JsonObject request)
    {
        var seconds = Number(request, "VisibilityTimeout", 0, 0, 43_200);
        lock (_world.Queues)
        {
            var message = Queue(request).Find(message => message.Receipt == request.Required("ReceiptHandle"))
                ?? throw new AwsError(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
            message.VisibleAt = _world.Now.AddSeconds(seconds);
        }

        return [];
    }

    private JsonObject GetQueueAttributes(JsonObject request)
    {
        lock (_world.Queues)
        {
            var queue = Queue(request);
            var visible = queue.Count(message => message.VisibleAt <= _world.Now);
            return new()
            {
                ["Attributes"] = new JsonObject
                {
                    ["ApproximateNumberOfMessages"] = visible.ToString(CultureInfo.InvariantCulture),
                    ["ApproximateNumberOfMessagesNotVisible"] = (queue.Count - visible).ToString(CultureInfo.InvariantCulture),
                },
            };
        }
    }

    private List<LocalMessage> Queue(JsonObject request)
    {
        var url = request.Required("QueueUrl");
        return _world.Queues.GetValueOrDefault(url[(url.LastIndexOf('/') + 1)..])
            ?? throw new AwsError(400, "QueueDoesNotExist", "The specified queue does not exist.");
    }

    private static int Number(JsonObject request, string name, int defaultValue, int min, int max)
    {
        var number = request[name]?.GetValue<int>() ?? defaultValue;
        return number >= min && number <= max
            ? number
            : throw new AwsError(
                400,
                "InvalidParameterValue",
                $"Value {number} for parameter {name} is invalid. Reason: must be between {min} and {max}.");
    }

#pragma warning disable CA5351 // SQS defines its checksum as MD5.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
