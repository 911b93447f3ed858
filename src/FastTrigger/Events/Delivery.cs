namespace FastTrigger.Events;

/// <summary>What an invocation brought, and how what was not done of it comes again.</summary>
internal readonly record struct Delivery(IReadOnlyList<Item> Items, BatchForm Form)
{
    /// <summary>What the next batch of a tumbling window is to be given, as it was given to this one; null outside of a window.</summary>
    public ReadOnlyMemory<byte>? WindowState { get; init; }

    public bool IsBatch => Form != BatchForm.Together;
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

    /// <summary>A batch that is not told what was done of it: any record that was not done brings all of them again.</summary>
    Whole,
}
