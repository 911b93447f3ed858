namespace FastTrigger.Actions.Tagging;

/// <summary>Resources in the text of a result.</summary>
internal static class TaggedText
{
    public static string Count(int count) => count == 1 ? "1 resource" : $"{count} resources";
}
