namespace FastTrigger.Tests.Support;

/// <summary>The characters outside of ASCII that a log viewer does not show as they are.</summary>
internal static class HiddenCharacters
{
    private static readonly (char First, char Last)[] s_ranges =
    [
        ('\u007f', '\u009f'), ('\u061c', '\u061c'), ('\u200b', '\u200f'), ('\u2028', '\u202e'),
        ('\u2060', '\u2060'), ('\u2066', '\u2069'), ('\ufeff', '\ufeff'),
    ];

    public static string All { get; } = string.Concat(
        s_ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Select(code => (char)code));
}
