namespace FastTrigger.Values;

internal enum ValueKind
{
    Text,
    List,
    /// <summary>The event has no such value; the text is the path.</summary>
    Missing,
    /// <summary>No person caused the event; the text says why.</summary>
    Nobody,
    /// <summary>The value cannot be used; the text says why.</summary>
    Refused,
    /// <summary>The value cannot be read now; the text says why.</summary>
    Unavailable,
}

/// <summary>The result of a template for one item.</summary>
internal readonly record struct ValueResult(ValueKind Kind, string Text, IReadOnlyList<string>? List = null)
{
    /// <summary>What may be meant by a path that is missing; null when nothing is near.</summary>
    public string? Meant { get; init; }

    public static ValueResult Of(string text) => new(ValueKind.Text, text);

    public static ValueResult Missing(string path) => new(ValueKind.Missing, path);

    /// <summary>One text; a list is joined with commas.</summary>
    public string Joined => List is null ? Text : string.Join(",", List);

    /// <summary>A list; a text is a list of one.</summary>
    public IReadOnlyList<string> Items => List ?? [Text];
}
