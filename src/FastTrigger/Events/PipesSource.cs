using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>
/// A batch of EventBridge Pipes (docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html): an array of records as their sources have them, or of whatever the pipe made of them, which anybody may have
/// written. Pipes takes batchItemFailures for queues and streams; what is left of anything else brings the whole batch again.
/// </summary>
internal sealed class PipesSource(SqsSource sqs, KinesisSource kinesis, DynamoDbSource dynamoDb) : EventSource
{
    public override string Name => "pipes";

    public override BatchForm Form => BatchForm.Messages;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return false;
        }

        foreach (var record in content.EnumerateArray())
        {
            if (record.ValueKind != JsonValueKind.Object)
            {
                return false;
            }
        }

        var index = 0;
        foreach (var record in content.EnumerateArray())
        {
            var inner = outer.Inner(Name, $"{outer.Id}/{index++}", record) with { IsTrusted = false, Opened = null };
            if (!sqs.TryReadRecord(record, inner, items) && !kinesis.TryReadFlatRecord(record, inner, items) && !dynamoDb.TryReadRecord(record, inner, items) && !inner.TryOpen(record, items))
            {
                inner.Add(new(DirectSource.Direct, inner.Id, record), items);
            }
        }

        return true;
    }
}
