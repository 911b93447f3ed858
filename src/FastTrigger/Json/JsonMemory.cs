using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>
/// Whether a document fits into the memory that there is. System.Text.Json keeps twelve bytes for each bracket, name and value, in a table
/// that doubles while it grows: six megabytes of `{}` take a hundred, and a function that runs out of memory is killed without a word.
/// </summary>
internal static class JsonMemory
{
    /// <summary>Bytes. What is shorter always fits.</summary>
    private const int MinLength = 1024 * 1024;

    private const int BytesPerPart = 12, BytesPerMiB = 1024 * 1024;

    /// <summary>What the runtime, the payload's buffer and the answer take besides.</summary>
    private const long ReservedBytes = 32 * BytesPerMiB;

    /// <summary>Null when it fits; else why not.</summary>
    public static string? Refuse(ReadOnlySpan<byte> json, int? memoryMiB)
    {
        if (json.Length < MinLength)
        {
            return null;
        }

        // The collector's own limit holds whatever memory the function has.
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (memoryMiB is { } memory)
        {
            limit = Math.Min(limit, (long)memory * BytesPerMiB);
        }

        // While the table grows, the old one and the new one of twice its size are there.
        var parts = CountParts(json);
        var needed = ReservedBytes + json.Length + (GrownTable(parts) * 3 / 2);
        return needed <= limit
            ? null
            : $"the event has {parts} brackets, names and values, which take {needed / BytesPerMiB} MiB while they are read, "
                + $"and the memory is {limit / BytesPerMiB} MiB; give the function more memory, or send less at a time";
    }

    /// <summary>The table's size when it has doubled often enough.</summary>
    private static long GrownTable(int parts)
    {
        long size = BytesPerMiB;
        while (size < (long)parts * BytesPerPart)
        {
            size *= 2;
        }

        return size;
    }

    /// <summary>Brackets, names and values, up to where it is no JSON.</summary>
    public static int CountParts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = EventJson.MaxDepth });
        var parts = 0;
        try
        {
            while (reader.Read())
            {
                parts++;
            }
        }
        catch (JsonException)
        {
            // What is no JSON is refused where its place can be said.
        }

        return parts;
    }
}
