using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What Lambda sends to an on-failure or on-success destination, and what `fasttrigger replay` makes of a dead letter
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html): the event is in requestPayload, and
/// requestContext.requestId is that of the invocation that it was first delivered with. What that acted on, this does not act on again.
/// </summary>
internal sealed class DestinationRecord : EventSource
{
    public override string Name => DirectSource.Direct;

    public override string IdText => "that of the event inside, or the request id that it was first delivered with";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("destination", "The record of an on-failure destination, to be played back"),
        new("destination-success", "The record of an on-success destination"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        var context = content.Get("requestContext"u8);
        if (!outer.IsTrusted || context.Text("requestId"u8) is not { } requestId || context.Text("condition"u8) is null
            || !content.Get("version"u8).IsText("1.0"u8))
        {
            return false;
        }

        var id = ItemId.Lasting(requestId);
        var playback = outer with
        {
            IsPlayback = true,
            IsDryRun = outer.IsDryRun || content.Get("fasttrigger-dry-run"u8).ValueKind == JsonValueKind.True,
        };
        var payload = content.Get("requestPayload"u8);
        if (payload.ValueKind == JsonValueKind.Undefined)
        {
            items.Add(new(playback, Name, id, content) { Unplayable = Missing(content) });
            return true;
        }

        var inner = playback with { Id = id, RequestId = requestId, Opened = new(content, outer.Opened) };
        // In a record that was played back there is no other.
        if (IsRecord(payload) || !inner.TryOpen(payload, items))
        {
            items.Add(new(inner, Name, id, payload));
        }

        return true;
    }

    private static bool IsRecord(JsonElement payload) => payload.Get("requestContext"u8).Text("condition"u8) is not null;

    /// <summary>The record of a failed batch of a stream says where it is and not what is in it (C2.4).</summary>
    private static string Missing(JsonElement root)
    {
        var batch = root.Get("KinesisBatchInfo"u8) is { ValueKind: JsonValueKind.Object } kinesis
            ? kinesis
            : root.Get("DDBStreamBatchInfo"u8);
        if (batch.Text("shardId"u8) is not { } shard)
        {
            return "the record has no requestPayload, so there is nothing to play back";
        }

        var stream = batch.Text("streamArn"u8) ?? "its stream";
        return $"the record of a failed batch brings no events: they are in shard {shard} of {stream}, sequence numbers "
            + $"{batch.Text("startSequenceNumber"u8)} to {batch.Text("endSequenceNumber"u8)}";
    }
}
