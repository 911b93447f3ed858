using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Aws;
using FastTrigger.Core;

namespace FastTrigger.Cli.Replay;

/// <summary>The operations of Amazon SQS that playback needs (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference).</summary>
internal sealed class SqsClient(AwsClient client, string region, string queueUrl) : JsonServiceClient(client, region, null, "sqs", "AmazonSQS.", AwsProtocol.Json10)
{
    /// <summary>Longer than any invocation takes: nobody else gets a message while it is delivered.</summary>
    private const int HiddenSeconds = 960;

    /// <summary>Up to ten messages with all their attributes.</summary>
    public AwsFailure? Receive(List<JsonObject> messages, Deadline deadline)
    {
        Write(writer =>
        {
            writer.Member("QueueUrl", queueUrl).Member("MaxNumberOfMessages", 10).Member("VisibilityTimeout", HiddenSeconds).Member("WaitTimeSeconds", 1);
            WriteList(writer, "MessageAttributeNames", ["All"]);
        });
        // Asked twice it hides other messages, and loses none.
        if (Call("ReceiveMessage", idempotent: true, deadline, out var answer) is { } failure)
        {
            return failure;
        }

        if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("Messages", out var list))
        {
            messages.AddRange(list.EnumerateArray().Select(message => JsonObject.Create(message.Clone())!));
        }

        return null;
    }

    public AwsFailure? Delete(string receipt, Deadline deadline)
    {
        Write(writer => writer.Member("QueueUrl", queueUrl).Member("ReceiptHandle", receipt));
        return Call("DeleteMessage", idempotent: true, deadline, out _);
    }

    /// <summary>Gives a message back to whoever comes next.</summary>
    public AwsFailure? GiveBack(string receipt, Deadline deadline)
    {
        Write(writer => writer.Member("QueueUrl", queueUrl).Member("ReceiptHandle", receipt).Member("VisibilityTimeout", 0));
        return Call("ChangeMessageVisibility", idempotent: true, deadline, out _);
    }
}
