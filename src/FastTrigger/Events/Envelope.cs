using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>
/// What an event is found in: the invocation itself, a message, a notification, a record of a stream, an array. What is inside was written
/// by anybody who may write there. So events of AWS's services, events for one route and played-back ones count as such only where the
/// outermost sender is trusted (C2.2). What it says about all items inside is said here once, and each item takes it over.
/// </summary>
internal readonly record struct Envelope
{
    private const int MaxDepth = 5;

    private int Depth { get; init; }

    /// <summary>The sources so far, each with a slash behind it; empty for what Lambda itself was given.</summary>
    public string Chain { get; private init; }

    /// <summary>The id of an item inside that has none of its own.</summary>
    public ItemId Id { get; init; }

    public bool IsTrusted { get; init; }

    /// <summary>Lambda's, or that of the invocation that is played back.</summary>
    public string RequestId { get; init; }

    /// <summary>Whether the queue, topic or stream with an ARN sends only what its events say about themselves.</summary>
    private Func<string, bool> Trust { get; init; }

    /// <summary>Whether this is inside an array, which names no sender: whatever its elements say about theirs.</summary>
    private bool IsArray { get; init; }

    /// <summary>The record that this is, in the one that it was in; null at the top.</summary>
    public OpenedRecord? Opened { get; init; }

    public string? RecordId { get; init; }

    public string? Group { get; init; }

    public string? RouteName { get; init; }

    public bool IsPlayback { get; init; }

    public bool IsDryRun { get; init; }

    /// <summary>The event of an invocation, in no envelope.</summary>
    public static Envelope None(string requestId, Func<string, bool> trust) =>
        new() { Chain = "", Id = ItemId.OfInvocation(requestId), IsTrusted = true, RequestId = requestId, Trust = trust };

    /// <summary>
    /// Whether this is what Lambda itself was given: the contracts of services that wait for an answer hold nowhere else (C2.2).
    /// </summary>
    public bool IsTop => Chain.Length == 0 && Opened is null && !IsArray;

    /// <summary>The envelope of this name inside of this one.</summary>
    public Envelope Inner(string name, ItemId id, JsonElement record) => this with
    {
        Chain = $"{Chain}{name}/",
        Id = id,
        Depth = Depth + 1,
        Opened = new(record, Opened),
    };

    /// <summary>The same with the trust that the outermost sender has. An array's elements have none.</summary>
    public Envelope From(string? senderArn) => this with { IsTrusted = IsTrusted && !IsArray && senderArn is not null && Trust(senderArn) };

    /// <summary>An element of an array.</summary>
    /// <param name="name">The source whose records they are; null when the array says of none.</param>
    public Envelope Element(string? name, int index) => this with
    {
        Chain = name is null ? Chain : $"{Chain}{name}/",
        Id = Id with { Value = $"{Id.Value}/{index}" },
        IsTrusted = false,
        IsArray = true,
    };

    /// <summary>Adds the items that are found in there; false when nothing is recognised, and the envelope itself is the item.</summary>
    public bool TryOpen(JsonElement content, List<Item> items)
    {
        if (Depth > MaxDepth || content.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var source in EventSources.Inner)
        {
            if (source.TryRead(content, this, items))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The JSON of an envelope, and of the one around it: ${item.envelope...} and ${item.envelope.envelope...}.</summary>
internal sealed record OpenedRecord(JsonElement Json, OpenedRecord? Outer);
