using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A message in a queue.</summary>
internal sealed class LocalMessage(string body, JsonObject attributes)
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public string Body => body;

    /// <summary>As ReceiveMessage shows them: NAME: {"DataType", "StringValue"}.</summary>
    public JsonObject Attributes => attributes;

    public DateTimeOffset VisibleAt { get; set; }

    public string Receipt { get; set; } = "";

    public int Received { get; set; }
}

/// <summary>SendMessage, ReceiveMessage, DeleteMessage, ChangeMessageVisibility and GetQueueAttributes of standard queues, with their visibility timeout.</summary>
internal sealed class SqsService : LocalJsonService
{
    private readonly LocalWorld _world;

    public SqsService(LocalWorld world)
        : base("sqs", "AmazonSQS.", "application/x-amz-json-1.0")
    {
        _world = world;
        Add("SendMessage", SendMessage, "QueueUrl", "MessageBody", "MessageAttributes");
        Add("ReceiveMessage", ReceiveMessage, "QueueUrl", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds", "MessageAttributeNames", "MessageSystemAttributeNames");
        Add("DeleteMessage", DeleteMessage, "QueueUrl", "ReceiptHandle");
        Add("ChangeMessageVisibility", ChangeMessageVisibility, "QueueUrl", "ReceiptHandle", "VisibilityTimeout");
        Add("GetQueueAttributes", GetQueueAttributes, "QueueUrl", "AttributeNames");
    }

    private JsonObject SendMessage(JsonObject request)
    {
        var message = new LocalMessage(Required(request, "MessageBody"), (JsonObject?)request["MessageAttributes"]?.DeepClone() ?? []);
        lock (_world.Queues)
        {
            Queue(request).Add(message);
        }

        return new() { ["MessageId"] = message.Id, ["MD5OfMessageBody"] = Md5(message.Body) };
    }

    private JsonObject ReceiveMessage(JsonObject request)
    {
        var most = Number(request, "MaxNumberOfMessages", 1, 1, 10);
        var hidden = Number(request, "VisibilityTimeout", 30, 0, 43_200);
        _ = Number(request, "WaitTimeSeconds", 0, 0, 20);
        var names = List(request, "MessageAttributeNames");
        lock (_world.Queues)
        {
            var found = Queue(request).Where(message => message.VisibleAt <= _world.Now).Take(most).ToList();
            foreach (var message in found)
            {
                message.VisibleAt = _world.Now.AddSeconds(hidden);
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
        var attributes = message.Attributes.Where(attribute => names.Contains("All") || names.Contains(attribute.Key)).Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value?.DeepClone())).ToList();
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
            // A receipt that is not the newest one any more deletes nothing and is no error.
            Queue(request).RemoveAll(message => message.Receipt == Required(request, "ReceiptHandle"));
        }

        return [];
    }

    private JsonObject ChangeMessageVisibility(JsonObject request)
    {
        var seconds = Number(request, "VisibilityTimeout", 0, 0, 43_200);
        lock (_world.Queues)
        {
            var message = Queue(request).Find(message => message.Receipt == Required(request, "ReceiptHandle")) ?? throw new AwsError(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
            message.VisibleAt = _world.Now.AddSeconds(seconds);
        }

        return [];
    }

    private JsonObject GetQueueAttributes(JsonObject request)
    {
        lock (_world.Queues)
        {
            var queue = Queue(request);
            return new()
            {
                ["Attributes"] = new JsonObject
                {
                    ["ApproximateNumberOfMessages"] = queue.Count(message => message.VisibleAt <= _world.Now).ToString(CultureInfo.InvariantCulture),
                    ["ApproximateNumberOfMessagesNotVisible"] = queue.Count(message => message.VisibleAt > _world.Now).ToString(CultureInfo.InvariantCulture),
                },
            };
        }
    }

    private List<LocalMessage> Queue(JsonObject request)
    {
        var url = Required(request, "QueueUrl");
        return _world.Queues.GetValueOrDefault(url[(url.LastIndexOf('/') + 1)..]) ?? throw new AwsError(400, "QueueDoesNotExist", "The specified queue does not exist.");
    }

    private static int Number(JsonObject request, string name, int otherwise, int least, int most)
    {
        var number = request[name]?.GetValue<int>() ?? otherwise;
        return number >= least && number <= most ? number : throw new AwsError(400, "InvalidParameterValue", $"Value {number} for parameter {name} is invalid. Reason: must be between {least} and {most}.");
    }

#pragma warning disable CA5351 // SQS's own checksum
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
