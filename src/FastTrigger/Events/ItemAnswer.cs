namespace FastTrigger.Events;

/// <summary>The outcome of an item, from which the answers of all sources are made.</summary>
internal enum ItemOutcome
{
    /// <summary>It was not started: the time was up, or something before it in its order was not done.</summary>
    NotStarted,

    /// <summary>Every action of every route that took it is done, or had nothing to do.</summary>
    Done,

    /// <summary>As <see cref="Done"/>, but AWS has only accepted what it will carry out later.</summary>
    Accepted,

    /// <summary>No route takes it.</summary>
    Unmatched,

    /// <summary>A route would take it, and it does not say who sent it.</summary>
    Unauthenticated,

    /// <summary>A route would take it, but not from this sender.</summary>
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

/// <summary>What a source's answer is made of, for one item.</summary>
/// <param name="IsUndone">Whether it must be delivered again: not what no route takes, unless `unmatched` says so.</param>
/// <param name="Given">JSON that a C# handler gave as the answer; null when none did.</param>
internal readonly record struct ItemAnswer(Item Item, ItemOutcome Outcome, bool IsUndone, string? Given)
{
    public bool IsDone => Outcome is ItemOutcome.Done or ItemOutcome.Accepted;

    /// <summary>The name of the outcome, for programs.</summary>
    public string Name => NameOf(Outcome);

    public static string NameOf(ItemOutcome outcome) => outcome switch
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

    /// <summary>One sentence, for people who talk to a bot.</summary>
    public string Sentence => Outcome switch
    {
        ItemOutcome.Done => "Done.",
        ItemOutcome.Accepted => "It is on its way.",
        ItemOutcome.Unmatched => "I cannot do that.",
        _ when MayPass => "That did not work now. Please try again later.",
        _ => "That did not work.",
    };

    /// <summary>Whether asking again may help.</summary>
    public bool MayPass => Outcome is ItemOutcome.NotStarted or ItemOutcome.Retry or ItemOutcome.Throttled or ItemOutcome.TimeIsUp;
}
