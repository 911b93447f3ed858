using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>What `Records` of every kind have in common.</summary>
internal static class Records
{
    /// <summary>The record's group in a shard: in it nothing overtakes.</summary>
    public const string Shard = "";

    /// <summary>Whether all records are of this source and have what its records have: one that is not makes it no event of this source.</summary>
    public static bool AreOf(JsonElement root, ReadOnlySpan<byte> source, Func<JsonElement, bool> isRecord)
    {
        var records = root.Get("Records"u8);
        if (records.ValueKind != JsonValueKind.Array || records.GetArrayLength() == 0)
        {
            return false;
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
    /// The state of a tumbling window (docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html), which the answer must give back.
    /// </summary>
    public static ReadOnlyMemory<byte>? WindowState(JsonElement root)
    {
        if (root.Get("window"u8).ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return root.Get("state"u8) is { ValueKind: JsonValueKind.Object } state ? JsonMarshal.GetRawUtf8Value(state).ToArray() : "{}"u8.ToArray();
    }
}
