using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Notifications of a bucket (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), to Lambda itself or in a message or notification. A key
/// comes URL-encoded and is seen decoded. The test event that S3 sends when notifications are set up is nothing to act on.
/// </summary>
internal sealed class S3Source : EventSource
{
    public override string Name => "s3";

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (content.Get("Event"u8).IsText("s3:TestEvent"u8) && content.Get("Service"u8).IsText("Amazon S3"u8))
        {
            return true;
        }

        if (!Records.AreOf(content, "aws:s3"u8, static record => record.Get("s3"u8).Get("bucket"u8, "name"u8).IsText() && record.Get("s3"u8).Get("object"u8, "key"u8).IsText()))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            var s3 = record.Get("s3"u8);
            var stored = s3.Get("object"u8);
            var key = QueryText.Decode(stored.Text("key"u8)!);
            var seen = Content.Made(
                Content.With(record, "s3", Content.With(s3, "object", Content.With(stored, "key", Content.Quoted(key)))),
                record);
            outer.Add(new(Name, $"{s3.Get("bucket"u8).Text("name"u8)}/{key}/{stored.Text("versionId"u8)}/{stored.Text("sequencer"u8)}", seen), items);
        }

        return true;
    }
}
