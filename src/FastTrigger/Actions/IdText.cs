namespace FastTrigger.Actions;

/// <summary>Ids in the text of a result, with or without more about each.</summary>
internal static class IdText
{
    private const int MaxShown = 10;

    /// <summary>The first ids, and how many more there are.</summary>
    public static string Ids(List<string> ids) => ids.Count <= MaxShown
        ? string.Join(", ", ids)
        : $"{string.Join(", ", ids.GetRange(0, MaxShown))} and {ids.Count - MaxShown} more";
}
