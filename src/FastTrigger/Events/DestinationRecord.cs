using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What Lambda sends to an on-failure or on-success destination, and what `fasttrigger replay` makes of a dead letter
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html): the event is in requestPayload, and requestContext.requestId is the
/// invocation that it was first given to. What that acted on, this acts on no second time.
/// </summary>
internal sealed class DestinationRecord : EventSource
{
    public override string Name => DirectSource.Direct;

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var context = content.Get("requestContext"u8);
        if (!outer.IsTrusted || context.Text("requestId"u8) is not { } requestId || context.Text("condition"u8) is null || !content.Get("version"u8).IsText("1.0"u8))
        {
            return false;
        }

        var payload = content.Get("requestPayload"u8);
        var first = items.Count;
        if (payload.ValueKind == JsonValueKind.Undefined)
        {
            outer.Add(new(Name, requestId, content) { Unplayable = Missing(content) }, items);
        }
        else
        {
            var inner = outer with { Id = requestId, Invocation = outer.Invocation with { RequestId = requestId }, Opened = new(content, outer.Opened) };
            // In a record that was played back there is no other.
            if (IsRecord(payload) || !inner.TryOpen(payload, items))
            {
                inner.Add(new(Name, requestId, payload), items);
            }
        }

        for (var i = first; i < items.Count; i++)
        {
            items[i].IsPlayback = true;
            items[i].IsDryRun = content.Get("fasttrigger-dry-run"u8).ValueKind == JsonValueKind.True;
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
