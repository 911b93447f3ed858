namespace FastTrigger.Actions.Tagging;

/// <summary>Resources in the text of a result.</summary>
internal static class TaggedText
{
    private const int MaxIds = 10;

    public static string Count(int count) => count == 1 ? "1 resource" : $"{count} resources";

    /// <summary>The first ids, and how many more there are.</summary>
    public static string Ids(List<string> ids) => ids.Count <= MaxIds
        ? string.Join(", ", ids)
        : $"{string.Join(", ", ids.GetRange(0, MaxIds))} and {ids.Count - MaxIds} more";
}
