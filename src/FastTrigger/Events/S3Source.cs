using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Notifications of a bucket (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), to Lambda itself or in a
/// message or notification. A key comes URL-encoded and is seen decoded. The test event that S3 sends when notifications are set up is
/// nothing to act on.
/// </summary>
internal sealed class S3Source : EventSource
{
    public override string Name => "s3";

    public override string IdText => "bucket, key, version, event name, and sequencer or else time and request";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("s3", "Notifications of a bucket"),
        new("s3-tagging", "A change of an object's tags, which has no sequencer"),
        new("s3-test", "What S3 sends when notifications are set up"),
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (content.Get("Event"u8).IsText("s3:TestEvent"u8) && content.Get("Service"u8).IsText("Amazon S3"u8))
        {
            return true;
        }

        if (!Records.AreOf(content, "aws:s3"u8, IsRecord))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            var s3 = record.Get("s3"u8);
            var stored = s3.Get("object"u8);
            var key = QueryText.Decode(stored.Text("key"u8)!);
            var decoded = Content.With(s3, "object", Content.With(stored, "key", Content.Quoted(key)).Span);
            var seen = Content.Made(Content.With(record, "s3", decoded.Span), record);
            var bucket = s3.Get("bucket"u8).Text("name"u8);
            var id = ItemId.Lasting(bucket, key, stored.Text("versionId"u8), record.Text("eventName"u8), Occasion(record, stored));
            items.Add(new(outer, Name, id, seen));
        }

        return true;
    }

    private static bool IsRecord(JsonElement record) =>
        record.Get("s3"u8).Get("bucket"u8, "name"u8).IsText() && record.Get("s3"u8).Get("object"u8, "key"u8).IsText();

    /// <summary>
    /// Only what creates or deletes an object has a sequencer. Two other notifications on one object differ in request and time.
    /// </summary>
    private static string Occasion(JsonElement record, JsonElement stored) => stored.Text("sequencer"u8)
        ?? $"{record.Text("eventTime"u8)}/{record.Get("responseElements"u8).Text("x-amz-request-id"u8)}";
}
