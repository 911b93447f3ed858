using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What Lambda sends to an on-failure or on-success destination, and what `fasttrigger replay` makes of a dead letter
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html): the event is in requestPayload, and requestContext.requestId is the
/// invocation that it was first given to. What that acted on, this acts on no second time.
/// </summary>
internal static class DestinationRecord
{
    public static bool TryOpen(JsonElement root, in Envelope outer, List<Item> items)
    {
        var context = root.Get("requestContext"u8);
        if (context.Text("requestId"u8) is not { } requestId || context.Text("condition"u8) is null || !root.Get("version"u8).IsText("1.0"u8))
        {
            return false;
        }

        var payload = root.Get("requestPayload"u8);
        var first = items.Count;
        if (payload.ValueKind == JsonValueKind.Undefined)
        {
            items.Add(new(outer.Chain + DirectSource.Direct, requestId, root) { Unplayable = Missing(root) });
        }
        // In a record that was played back there is no other.
        else if (IsRecord(payload) || !(outer with { Id = requestId, Invocation = outer.Invocation with { RequestId = requestId } }).TryOpen(payload, items))
        {
            items.Add(new(outer.Chain + DirectSource.Direct, requestId, payload));
        }

        for (var i = first; i < items.Count; i++)
        {
            items[i].IsPlayback = true;
            items[i].IsDryRun = root.Get("fasttrigger-dry-run"u8).ValueKind == JsonValueKind.True;
        }

        return true;
    }

    private static bool IsRecord(JsonElement payload) => payload.Get("requestContext"u8).Text("condition"u8) is not null;

    /// <summary>The record of a failed batch of a stream says where it is and not what is in it (C2.4).</summary>
    private static string Missing(JsonElement root)
    {
        var batch = root.Get("KinesisBatchInfo"u8) is { ValueKind: JsonValueKind.Object } kinesis ? kinesis : root.Get("DDBStreamBatchInfo"u8);
        return batch.Text("shardId"u8) is { } shard
            ? $"the record of a failed batch brings no events: they are in shard {shard} of {batch.Text("streamArn"u8) ?? "its stream"}, sequence numbers {batch.Text("startSequenceNumber"u8)} to {batch.Text("endSequenceNumber"u8)}"
            : "the record has no requestPayload, so there is nothing to play back";
    }
}
