using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// Notifications of a bucket (docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), to Lambda itself or in a message or notification. A key
/// comes URL-encoded and is seen decoded. The test event that S3 sends when notifications are set up is nothing to act on.
/// </summary>
internal static class S3Source
{
    public const string Name = "s3";

    public static bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (content.Get("Event"u8).IsText("s3:TestEvent"u8) && content.Get("Service"u8).IsText("Amazon S3"u8))
        {
            return true;
        }

        if (!StreamRecords.AreOf(content, "aws:s3"u8, static record => record.Get("s3"u8).Get("bucket"u8, "name"u8).IsText() && record.Get("s3"u8).Get("object"u8, "key"u8).IsText()))
        {
            return false;
        }

        foreach (var record in content.Get("Records"u8).EnumerateArray())
        {
            var s3 = record.Get("s3"u8);
            var stored = s3.Get("object"u8);
            var key = Decode(stored.Text("key"u8)!);
            var seen = Content.Made(
                Content.With(record, "s3", Content.With(s3, "object", Content.With(stored, "key", Content.Quoted(key)))),
                record);
            items.Add(new(outer.Chain + Name, $"{s3.Get("bucket"u8).Text("name"u8)}/{key}/{stored.Text("versionId"u8)}/{stored.Text("sequencer"u8)}", seen));
        }

        return true;
    }

    /// <summary>As application/x-www-form-urlencoded. What is no valid escape stays as it is.</summary>
    private static string Decode(string key)
    {
        if (key.AsSpan().IndexOfAny('%', '+') < 0)
        {
            return key;
        }

        var text = Encoding.UTF8.GetBytes(key);
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i] == '%' && i + 2 < text.Length && System.Buffers.Text.Utf8Parser.TryParse(text.AsSpan(i + 1, 2), out byte code, out var used, 'x') && used == 2 ? code : -1;
            text[length++] = value >= 0 ? (byte)value : text[i] == '+' ? (byte)' ' : text[i];
            i += value >= 0 ? 2 : 0;
        }

        return Encoding.UTF8.GetString(text, 0, length);
    }
}
