namespace FastTrigger.Actions;

/// <summary>A condition of an IAM statement: one of the values fits the key.</summary>
internal readonly record struct CallCondition(string Operator, string Key, IReadOnlyList<string> Values);

/// <summary>A permission that a call needs, as a statement of an IAM policy.</summary>
/// <param name="Statement">The statement's name; permissions with the same one, resources and conditions share a statement.</param>
/// <param name="Purpose">What the statement is for: a clause that people read.</param>
internal sealed record CallPermission(string Statement, string Purpose, IReadOnlyList<CallResource> Resources)
{
    /// <summary>The IAM action; null for the operation's own.</summary>
    public string? Action { get; init; }

    public IReadOnlyList<CallCondition> Conditions { get; init; } = [];

    /// <summary>Why no statement can be made: the resources could be any. Null when they are limited.</summary>
    public string? Problem { get; init; }
}
