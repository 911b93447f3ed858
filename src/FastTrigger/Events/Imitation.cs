using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>
/// What JSON gains by its form alone. Where its sender is not known it is refused, so that nobody is obeyed for looking like AWS (C2.2).
/// </summary>
internal static class Imitation
{
    /// <summary>What it has the form of; null when nobody gains anything by it.</summary>
    public static string? Of(JsonElement element, string requestId)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return OfAws(element) ?? OfRecord(element) ?? Named(EventSources.NameWhereTrusted(element, requestId));
        }

        // Patterns look into arrays.
        foreach (var inner in element.EnumerateArray())
        {
            if (Of(inner, requestId) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Why something with that form is refused.</summary>
    /// <param name="what">What it is of the delivery: element 3 of the array.</param>
    public static string Refusal(string what, string imitated) =>
        $"{what} has the form of {imitated}, which counts only where its sender is known";

    /// <summary>An event that says it is one of AWS's services, whatever else it lacks: patterns ask for no more.</summary>
    public static string? OfAws(JsonElement element)
    {
        var detail = element.Get("detail"u8);
        return IsAws(element.Get("source"u8)) ? "an event of AWS"
            : detail.Get("userIdentity"u8).ValueKind == JsonValueKind.Object && detail.Text("eventSource"u8) is not null
                ? "a record of CloudTrail"
                : null;
    }

    /// <summary>A delivery that only an event source mapping or a service makes, of which a record has not the form of its kind.</summary>
    public static string? OfBatch(JsonElement root)
    {
        var records = root.Get("Records"u8);
        if (records.ValueKind == JsonValueKind.Array)
        {
            foreach (var record in records.EnumerateArray())
            {
                if (OfRecord(record) is { } found)
                {
                    return found;
                }
            }
        }

        return OfRecord(root)
            ?? (root.Get("deliveryStreamArn"u8).IsText() && root.Get("records"u8).ValueKind == JsonValueKind.Array ? "a record of Firehose"
                : root.Get("tasks"u8).ValueKind == JsonValueKind.Array && root.Get("invocationId"u8).IsText() ? "a task of S3 Batch"
                : null);
    }

    private static string? OfRecord(JsonElement record)
    {
        var source = record.Text("eventSource"u8) ?? record.Text("EventSource"u8);
        return source is not null && (source.StartsWith("aws:", StringComparison.Ordinal) || source == "SelfManagedKafka")
            ? $"a record of {source}"
            : null;
    }

    private static string? Named(string? source) => source is null ? null
        : source == DirectSource.Direct ? "a record that is played back"
        : $"an event of {source}";

    private static bool IsAws(JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Array)
        {
            return source.ValueKind == JsonValueKind.String
                && source.GetString()!.StartsWith("aws.", StringComparison.OrdinalIgnoreCase);
        }

        foreach (var inner in source.EnumerateArray())
        {
            if (IsAws(inner))
            {
                return true;
            }
        }

        return false;
    }
}
