using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Aws;
using FastTrigger.Core;

namespace FastTrigger.Cli.Replay;

/// <summary>The operations of Amazon SQS that replay needs (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference).</summary>
internal sealed class SqsClient(AwsClient client, string region, string queueUrl)
    : JsonServiceClient(client, region, null, "AmazonSQS.", AwsProtocol.Json10)
{
    /// <summary>A repeated call hides other messages and loses none.</summary>
    private static readonly AwsOperation s_receive = new("sqs", "ReceiveMessage", WholeAnswer.Optional("Messages"), Changes: true);

    private static readonly AwsOperation s_delete = new("sqs", "DeleteMessage", WholeAnswer.Nothing, Changes: true);

    private static readonly AwsOperation s_changeVisibility = new("sqs", "ChangeMessageVisibility", WholeAnswer.Nothing, Changes: true);

    /// <summary>The visibility timeout in seconds. It is longer than any invocation, so that no other consumer gets the message.</summary>
    private const int VisibilitySeconds = 960;

    /// <summary>Receives up to ten messages with all their attributes.</summary>
    public AwsFailure? Receive(List<JsonObject> messages, Deadline deadline)
    {
        Write(writer =>
        {
            writer.Member("QueueUrl", queueUrl).Member("MaxNumberOfMessages", 10);
            writer.Member("VisibilityTimeout", VisibilitySeconds).Member("WaitTimeSeconds", 1);
            WriteList(writer, "MessageAttributeNames", ["All"]);
        });
        if (Call(s_receive, deadline, out var answer) is { } failure)
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
        return Call(s_delete, deadline, out _);
    }

    /// <summary>Makes a message visible in the queue again.</summary>
    public AwsFailure? Return(string receipt, Deadline deadline)
    {
        Write(writer => writer.Member("QueueUrl", queueUrl).Member("ReceiptHandle", receipt).Member("VisibilityTimeout", 0));
        return Call(s_changeVisibility, deadline, out _);
    }
}
