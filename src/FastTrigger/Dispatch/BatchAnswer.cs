using FastTrigger.Core;
using FastTrigger.Events;

namespace FastTrigger.Dispatch;

/// <summary>
/// What an event source mapping reads (docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
/// services-kinesis-batchfailurereporting.html): of a stream the first record that was not done, from which it continues, and of Kafka that
/// of each partition (kafka-retry-configurations.html); and the state of its window.
/// </summary>
internal static class BatchAnswer
{
    /// <summary>Whether all that was not done can be named: what cannot would be lost.</summary>
    public static bool IsPossible(DeliveryWork work)
    {
        foreach (var item in work.Items)
        {
            if (item.IsUndone && item.Item.RecordId is null)
            {
                return false;
            }
        }

        return work.Delivery.Form is BatchForm.Messages or BatchForm.Stream or BatchForm.Partitions;
    }

    /// <returns>How many records must be delivered again.</returns>
    public static int Write(ByteBuffer answer, DeliveryWork work)
    {
        var json = new JsonBuilder(answer).BeginObject();
        if (work.Delivery.WindowState is { } state)
        {
            json.Name("state");
            answer.Append(state);
        }

        json.Name("batchItemFailures").BeginArray();
        var undone = 0;
        string? last = null;
        var isInOrder = work.Delivery.Form is BatchForm.Stream or BatchForm.Partitions;
        var named = new HashSet<string>();
        foreach (var item in work.Items)
        {
            // Several items may have come in one record.
            if (!item.IsUndone || item.Item.RecordId is not { } id || id == last)
            {
                continue;
            }

            last = id;
            undone++;
            if (!isInOrder || item.Item.Group is not { } group || named.Add(group))
            {
                json.BeginObject().Name("itemIdentifier");
                _ = work.Delivery.Form == BatchForm.Partitions ? json.Raw(id) : json.Text(id);
                json.EndObject();
            }
        }

        json.EndArray().EndObject();
        return undone;
    }
}
