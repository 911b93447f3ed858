using System.Text.Json;

namespace FastTrigger.Events;

/// <summary>What an invocation brought, and from where.</summary>
/// <param name="Root">The event, unchanged.</param>
internal readonly record struct Delivery(IReadOnlyList<Item> Items, EventSource Source, BatchForm Form, JsonElement Root)
{
    /// <summary>What the next batch of a tumbling window gets, unchanged; null outside of a window.</summary>
    public byte[]? WindowState { get; init; }

    public bool IsBatch => Form is not (BatchForm.Together or BatchForm.Answered);
}

/// <summary>How an event source mapping, or another caller, takes back what was not done (C3.3).</summary>
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

    /// <summary>A batch that gets no partial answer: any record that was not done brings all of them again.</summary>
    Whole,

    /// <summary>
    /// Somebody waits for an answer of the source's own, which says the outcome of each item: the invocation itself succeeds.
    /// </summary>
    Answered,
}
