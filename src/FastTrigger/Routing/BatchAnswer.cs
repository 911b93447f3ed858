using FastTrigger.Core;
using FastTrigger.Events;

namespace FastTrigger.Routing;

/// <summary>
/// What an event source mapping reads (docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, services-kinesis-batchfailurereporting.html): of a stream the first
/// record that was not done, from which it goes on, and of Kafka that of each partition (kafka-retry-configurations.html); and the state of its window.
/// </summary>
internal static class BatchAnswer
{
    /// <summary>Whether all that was not done can be named: what cannot would be lost.</summary>
    public static bool IsPossible(in Delivery delivery)
    {
        foreach (var item in delivery.Items)
        {
            if (!item.IsDone && item.RecordId is null)
            {
                return false;
            }
        }

        return delivery.Form is BatchForm.Messages or BatchForm.Stream or BatchForm.Partitions;
    }

    /// <returns>How many records must come again.</returns>
    public static int Write(ByteBuffer answer, in Delivery delivery)
    {
        var json = new JsonBuilder(answer).BeginObject();
        if (delivery.WindowState is { } state)
        {
            json.Name("state");
            answer.Append(state.Span);
        }

        json.Name("batchItemFailures").BeginArray();
        var undone = 0;
        string? last = null;
        var told = new List<string>(0);
        foreach (var item in delivery.Items)
        {
            // Several items may have come in one record.
            if (item.IsDone || item.RecordId is not { } id || id == last)
            {
                continue;
            }

            last = id;
            undone++;
            if (delivery.Form is BatchForm.Stream or BatchForm.Partitions && item.Group is { } group)
            {
                if (told.Contains(group))
                {
                    continue;
                }

                told.Add(group);
            }

            json.BeginObject().Name("itemIdentifier");
            _ = delivery.Form == BatchForm.Partitions ? json.Raw(id) : json.Text(id);
            json.EndObject();
        }

        json.EndArray().EndObject();
        return undone;
    }
}
