namespace FastTrigger.Events;

/// <summary>What became of an item, in the words that the answers of all sources are made of.</summary>
internal enum ItemOutcome
{
    /// <summary>It was not begun: the time was up, or something before it was not done.</summary>
    NotBegun,

    /// <summary>Every action of every route that took it is done, or had nothing to do.</summary>
    Done,

    /// <summary>As <see cref="Done"/>, but AWS has only taken on what it will carry out later.</summary>
    Accepted,

    /// <summary>No route takes it.</summary>
    Unmatched,

    /// <summary>A route would take it, and it does not say who sent it.</summary>
    Unauthenticated,

    /// <summary>A route would take it, and not from whoever sent it.</summary>
    Forbidden,

    /// <summary>It can never be done.</summary>
    Failed,

    /// <summary>It may be done another time.</summary>
    Retry,

    /// <summary>It may be done another time, and not soon: AWS is asked too often.</summary>
    Throttled,

    /// <summary>Its time was up.</summary>
    TimeIsUp,
}

/// <summary>How an item ended.</summary>
/// <param name="Answer">JSON that a C# handler gave for whoever waits for it; null when none did.</param>
internal readonly record struct ItemEnd(ItemOutcome Outcome, string? Answer = null)
{
    public bool IsDone => Outcome is ItemOutcome.Done or ItemOutcome.Accepted;

    /// <summary>In one word, for machines.</summary>
    public string Name => Outcome switch
    {
        ItemOutcome.Done => "done",
        ItemOutcome.Accepted => "accepted",
        ItemOutcome.Unmatched => "unmatched",
        ItemOutcome.Unauthenticated => "unauthenticated",
        ItemOutcome.Forbidden => "forbidden",
        ItemOutcome.Failed => "failed",
        ItemOutcome.Retry or ItemOutcome.Throttled => "retry",
        _ => "timeout",
    };

    /// <summary>In one sentence, for people who talk to a bot.</summary>
    public string Sentence => Outcome switch
    {
        ItemOutcome.Done => "Done.",
        ItemOutcome.Accepted => "It is on its way.",
        ItemOutcome.Unmatched => "I cannot do that.",
        _ when MayPass => "That did not work now. Please try again later.",
        _ => "That did not work.",
    };

    /// <summary>Whether asking again may help.</summary>
    public bool MayPass => Outcome is ItemOutcome.NotBegun or ItemOutcome.Retry or ItemOutcome.Throttled or ItemOutcome.TimeIsUp;
}
