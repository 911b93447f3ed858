namespace FastTrigger.Values;

internal enum ValueKind
{
    Text,
    List,
    /// <summary>The event has nothing there; the text is the path.</summary>
    Missing,
    /// <summary>There is no person behind the event; the text says why.</summary>
    Nobody,
    /// <summary>What is there cannot be used; the text says why.</summary>
    Refused,
    /// <summary>It cannot be had now; the text says why.</summary>
    Unavailable,
}

/// <summary>What a template gave for one item.</summary>
internal readonly record struct ValueResult(ValueKind Kind, string Text, IReadOnlyList<string>? List = null)
{
    public static ValueResult Of(string text) => new(ValueKind.Text, text);

    public static ValueResult Missing(string path) => new(ValueKind.Missing, path);

    /// <summary>As one text: a list joins with commas.</summary>
    public string Joined => List is null ? Text : string.Join(",", List);

    /// <summary>As a list: a text is a list of one.</summary>
    public IReadOnlyList<string> Items => List ?? [Text];
}
