using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// What Lambda sends to an on-failure or on-success destination, and what `fasttrigger replay` makes of a dead letter
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html): the event is in requestPayload, and requestContext.requestId is the
/// invocation that it was first given to. What that acted on, this acts on no second time.
/// </summary>
internal static class DestinationRecord
{
    public static bool TryOpen(JsonElement root, Invocation invocation, [NotNullWhen(true)] out Item? item)
    {
        item = null;
        var context = root.Get("requestContext"u8);
        if (context.Text("requestId"u8) is not { } requestId || context.Text("condition"u8) is null || !root.Get("version"u8).IsText("1.0"u8))
        {
            return false;
        }

        var payload = root.Get("requestPayload"u8);
        if (payload.ValueKind == JsonValueKind.Undefined)
        {
            item = new("direct", requestId, root) { Unplayable = Missing(root) };
        }
        else
        {
            item = EventSources.Read(payload, invocation with { RequestId = requestId }, mayBePlayback: false);
        }

        item.IsPlayback = true;
        item.IsDryRun = root.Get("fasttrigger-dry-run"u8).ValueKind == JsonValueKind.True;
        return true;
    }

    /// <summary>The record of a failed batch of a stream says where it is and not what is in it (C2.4).</summary>
    private static string Missing(JsonElement root)
    {
        var batch = root.Get("KinesisBatchInfo"u8) is { ValueKind: JsonValueKind.Object } kinesis ? kinesis : root.Get("DDBStreamBatchInfo"u8);
        return batch.Text("shardId"u8) is { } shard
            ? $"the record of a failed batch brings no events: they are in shard {shard} of {batch.Text("streamArn"u8) ?? "its stream"}, sequence numbers {batch.Text("startSequenceNumber"u8)} to {batch.Text("endSequenceNumber"u8)}"
            : "the record has no requestPayload, so there is nothing to play back";
    }
}
