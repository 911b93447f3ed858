using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>What `Records` of every kind have in common.</summary>
internal static class Records
{
    /// <summary>The group of a shard or change stream: its records are processed in order.</summary>
    public const string Shard = "";

    /// <summary>
    /// Whether all records belong to this source and have its shape: one that has not makes it no event of this source. No record at all is
    /// the last call of a tumbling window, which names its stream.
    /// </summary>
    public static bool AreOf(JsonElement root, ReadOnlySpan<byte> source, Func<JsonElement, bool> isRecord)
    {
        var records = root.Get("Records"u8);
        if (records.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        if (records.GetArrayLength() == 0)
        {
            return root.Get("window"u8).ValueKind == JsonValueKind.Object && IsArnOf(root.Text("eventSourceARN"u8), source);
        }

        foreach (var record in records.EnumerateArray())
        {
            if (!record.Get("eventSource"u8).IsText(source) || !isRecord(record))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The state of a tumbling window (docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html), which the answer must give
    /// back.
    /// </summary>
    public static byte[]? WindowState(JsonElement root)
    {
        if (root.Get("window"u8).ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return root.Get("state"u8) is { ValueKind: JsonValueKind.Object } state
            ? JsonMarshal.GetRawUtf8Value(state).ToArray()
            : "{}"u8.ToArray();
    }

    /// <summary>arn:PARTITION:SERVICE:..., where the source is aws:SERVICE.</summary>
    private static bool IsArnOf(string? arn, ReadOnlySpan<byte> source) =>
        arn?.Split(':') is ["arn", _, var service, _, ..]
            && source["aws:".Length..].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(service));
}
