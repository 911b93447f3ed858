namespace FastTrigger.Core;

internal static class TextList
{
    /// <summary>Whether a text is in the list. List.Contains would give a comparer to every list type of the binary.</summary>
    public static bool Has(this IReadOnlyList<string> list, string text)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == text)
            {
                return true;
            }
        }

        return false;
    }
}
