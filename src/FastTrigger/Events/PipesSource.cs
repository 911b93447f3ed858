using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>
/// A batch of EventBridge Pipes (docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html): an array of records
/// as their sources have them. An array names no sender, so nothing inside is trusted. Any other array, such as JSON that a pipe made of
/// its records, is a direct event. Pipes takes batchItemFailures for queues and streams; of brokers and of Kafka it tries the whole batch
/// again.
/// </summary>
internal sealed class PipesSource(
    SqsSource sqs,
    KinesisSource kinesis,
    DynamoDbSource dynamoDb,
    KafkaSource kafka,
    MqSource mq) : EventSource
{
    public override string Name => "pipes";

    public override BatchForm Form => BatchForm.Messages;

    public override IdLasts IdLasts => IdLasts.WhenGiven;

    public override string IdText => "that of the record that the pipe delivers";

    public override bool IsEnvelope => true;

    /// <summary>The sources whose records a pipe delivers.</summary>
    public EventSource[] Carried => [sqs, kinesis, dynamoDb, kafka, mq];

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("pipes/sqs", "Messages of a queue, by a pipe"),
        new("pipes/kinesis", "Records of a stream, by a pipe"),
        new("pipes/dynamodb", "A change of a table, by a pipe"),
        new("pipes/kafka", "A record of Amazon MSK, by a pipe") { Answer = "an error when any record was not done" },
        new("pipes/mq", "A message of RabbitMQ, by a pipe") { Answer = "an error when any record was not done" },
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (!outer.IsTop || content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return false;
        }

        var first = items.Count;
        var index = 0;
        foreach (var record in content.EnumerateArray())
        {
            var element = outer.Element(Name, index++);
            var count = items.Count;
            if (!sqs.TryReadRecord(record, element, items) && !kinesis.TryReadPipeRecord(record, element, items)
                && !dynamoDb.TryReadPipeRecord(record, element, items) && !kafka.TryReadPipeRecord(record, element, items)
                && !mq.TryReadPipeRecord(record, element, items))
            {
                items.RemoveRange(first, items.Count - first);
                return false;
            }

            // Its template may add to a record what it likes.
            if (Imitation.OfAws(record) is { } imitated)
            {
                items.RemoveRange(count, items.Count - count);
                var refusal = Imitation.Refusal($"record {index - 1} of the pipe", imitated);
                items.Add(new(element, Name, element.Id, record) { Unplayable = refusal });
            }
        }

        return true;
    }

    /// <summary>What has no record id cannot be named in an answer.</summary>
    public override BatchForm FormOf(IReadOnlyList<Item> items)
    {
        foreach (var item in items)
        {
            if (item.RecordId is null)
            {
                return BatchForm.Whole;
            }
        }

        return Form;
    }
}
