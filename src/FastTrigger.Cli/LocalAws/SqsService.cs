using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// SendMessage, ReceiveMessage, DeleteMessage, ChangeMessageVisibility and GetQueueAttributes of standard queues with a visibility timeout,
/// in SQS's JSON protocol.
/// </summary>
internal sealed class SqsService : LocalJsonService
{
    private const int DefaultVisibilitySeconds = 30;

    /// <summary>How long a waiting receiver does not look for messages.</summary>
    private const int PollMs = 50;

    private readonly LocalWorld _world;

    public SqsService(LocalWorld world)
        : base("sqs", "AmazonSQS.", "application/x-amz-json-1.0")
    {
        _world = world;
        foreach (var (operation, run) in Runs)
        {
            Add(operation, run);
        }
    }

    /// <summary>The operations, which both protocols share.</summary>
    public IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> Runs => new Dictionary<string, Func<JsonObject, JsonObject>>
    {
        ["SendMessage"] = SendMessage,
        ["ReceiveMessage"] = ReceiveMessage,
        ["DeleteMessage"] = DeleteMessage,
        ["ChangeMessageVisibility"] = ChangeMessageVisibility,
        ["GetQueueAttributes"] = GetQueueAttributes,
    };

    /// <summary>SQS's error of a missing member, in both protocols.</summary>
    public static AwsError MissingParameter(string member) =>
        new(400, "MissingParameter", $"The request must contain the parameter {member}.");

    protected override AwsError Missing(string member) => MissingParameter(member);

    private JsonObject SendMessage(JsonObject request)
    {
        var attributes = (JsonObject?)request["MessageAttributes"]?.DeepClone() ?? [];
        var message = new LocalMessage(request.Text("MessageBody")!, attributes) { Sent = _world.Now };
        MessageCheck.Check(message);
        message.VisibleAt = _world.Now.AddSeconds(Number(request, "DelaySeconds", 0, 0, 900));
        var system = request["MessageSystemAttributes"] as JsonObject ?? [];
        foreach (var (name, value) in system)
        {
            message.Given[name] = name == "AWSTraceHeader" && value is JsonObject given && given.Text("StringValue") is { } trace
                ? trace
                : throw Invalid($"Message system attribute name '{name}' is invalid, or it has no StringValue.");
        }

        if (request.Text("MessageDeduplicationId") is { } id)
        {
            throw Invalid($"Value {id} for parameter MessageDeduplicationId is invalid. "
                + "Reason: The request includes a parameter that is not valid for this queue type.");
        }

        if (request.Text("MessageGroupId") is { } group)
        {
            message.Given["MessageGroupId"] = group;
        }

        lock (_world.Queues)
        {
            Queue(request).Messages.Add(message);
        }

        var response = new JsonObject { ["MessageId"] = message.Id, ["MD5OfMessageBody"] = MessageChecksum.OfBody(message.Body) };
        AddChecksum(response, attributes);
        if (system.Count > 0)
        {
            response["MD5OfMessageSystemAttributes"] = MessageChecksum.OfAttributes(system);
        }

        return response;
    }

    private JsonObject ReceiveMessage(JsonObject request)
    {
        var max = Number(request, "MaxNumberOfMessages", 1, 1, 10);
        var visibilitySeconds = Number(request, "VisibilityTimeout", DefaultVisibilitySeconds, 0, 43_200);
        var until = _world.Now.AddSeconds(Number(request, "WaitTimeSeconds", 0, 0, 20));
        var names = request.List("MessageAttributeNames");
        // MessageSystemAttributeNames has replaced AttributeNames. Both count.
        List<string> system = [.. request.List("AttributeNames"), .. request.List("MessageSystemAttributeNames")];
        QueueAttributes.CheckMessageNames(system);
        lock (_world.Queues)
        {
            var (_, messages) = Queue(request);
            List<LocalMessage> found;
            while ((found = [.. messages.Where(message => message.VisibleAt <= _world.Now).Take(max)]).Count == 0 && _world.Now < until)
            {
                // The lock is free while this waits for a message to come, or to be visible again.
                Monitor.Wait(_world.Queues, PollMs);
            }

            foreach (var message in found)
            {
                message.VisibleAt = _world.Now.AddSeconds(visibilitySeconds);
                message.Receipt = Guid.NewGuid().ToString();
                message.FirstReceived ??= _world.Now;
                message.Received++;
            }

            var described = found.Select(message => (JsonNode)Describe(message, names, system));
            return found.Count == 0 ? [] : new() { ["Messages"] = new JsonArray([.. described]) };
        }
    }

    private JsonObject Describe(LocalMessage message, List<string> names, List<string> system)
    {
        var described = new JsonObject
        {
            ["MessageId"] = message.Id,
            ["ReceiptHandle"] = message.Receipt,
            ["MD5OfBody"] = MessageChecksum.OfBody(message.Body),
            ["Body"] = message.Body,
        };
        if (QueueAttributes.Of(message, system, _world.Account) is { Count: > 0 } given)
        {
            described["Attributes"] = given;
        }

        var attributes = new JsonObject(message.Attributes
            .Where(attribute => names.Exists(name => IsNamed(attribute.Key, name)))
            .Select(attribute => KeyValuePair.Create(attribute.Key, attribute.Value?.DeepClone())));
        if (attributes.Count > 0)
        {
            described["MessageAttributes"] = attributes;
            AddChecksum(described, attributes);
        }

        return described;
    }

    private static bool IsNamed(string attribute, string name) =>
        name is "All" || attribute == name
        || (name.EndsWith(".*", StringComparison.Ordinal) && attribute.StartsWith(name[..^2], StringComparison.Ordinal));

    private static void AddChecksum(JsonObject described, JsonObject attributes)
    {
        if (attributes.Count > 0)
        {
            described["MD5OfMessageAttributes"] = MessageChecksum.OfAttributes(attributes);
        }
    }

    private JsonObject DeleteMessage(JsonObject request)
    {
        lock (_world.Queues)
        {
            // An old receipt handle deletes nothing and is no error.
            Queue(request).Messages.RemoveAll(message => message.Receipt == request.Text("ReceiptHandle"));
        }

        return [];
    }

    private JsonObject ChangeMessageVisibility(JsonObject request)
    {
        var seconds = Number(request, "VisibilityTimeout", 0, 0, 43_200);
        lock (_world.Queues)
        {
            var message = Queue(request).Messages.Find(message => message.Receipt == request.Text("ReceiptHandle"))
                ?? throw new AwsError(400, "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
            message.VisibleAt = _world.Now.AddSeconds(seconds);
        }

        return [];
    }

    private JsonObject GetQueueAttributes(JsonObject request)
    {
        var names = request.List("AttributeNames");
        lock (_world.Queues)
        {
            var (name, messages) = Queue(request);
            var arn = $"arn:aws:sqs:{_world.Region}:{_world.Account}:{name}";
            var attributes = QueueAttributes.Of(messages, names, arn, _world.Now, DefaultVisibilitySeconds);
            return attributes.Count == 0 ? [] : new() { ["Attributes"] = attributes };
        }
    }

    private (string Name, List<LocalMessage> Messages) Queue(JsonObject request)
    {
        var url = request.Text("QueueUrl")!;
        var name = url[(url.LastIndexOf('/') + 1)..];
        return _world.Queues.TryGetValue(name, out var messages)
            ? (name, messages)
            : throw new AwsError(400, "QueueDoesNotExist", "The specified queue does not exist.");
    }

    private static int Number(JsonObject request, string name, int defaultValue, int min, int max)
    {
        var number = request.Number(name) ?? defaultValue;
        return number >= min && number <= max
            ? number
            : throw Invalid($"Value {number} for parameter {name} is invalid. Reason: Must be >= {min} and <= {max}, if provided.");
    }

    private static AwsError Invalid(string message) => new(400, "InvalidParameterValue", message);
}
