using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>What an invocation brought, and from where.</summary>
/// <param name="Root">The event as it came.</param>
internal readonly record struct Delivery(IReadOnlyList<Item> Items, EventSource Source, JsonElement Root)
{
    public BatchForm Form => Source.Form;

    /// <summary>What the next batch of a tumbling window is to be given, as it was given to this one; null outside of a window.</summary>
    public ReadOnlyMemory<byte>? WindowState { get; init; }

    public bool IsBatch => Form is not (BatchForm.Together or BatchForm.Answered);
}

/// <summary>How an event source mapping, or whoever else it was, takes back what was not done (C3.3).</summary>
internal enum BatchForm
{
    /// <summary>All or nothing: an asynchronous or direct invocation.</summary>
    Together,

    /// <summary>Each record for itself, by its id; a group stops at its first that was not done.</summary>
    Messages,

    /// <summary>From the first record that was not done on.</summary>
    Stream,

    /// <summary>From the first record of each partition that was not done on: what names it is JSON.</summary>
    Partitions,

    /// <summary>A batch that is not told what was done of it: any record that was not done brings all of them again.</summary>
    Whole,

    /// <summary>Somebody waits for an answer of the source's own, which says what became of each item: the invocation itself succeeds.</summary>
    Answered,
}
