using System.Text;

namespace FastTrigger.Patterns;

/// <summary>A text to compare with, exactly or without regard to case.</summary>
internal sealed class TextPattern(string text, bool ignoreCase)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

    public bool Equals(ReadOnlySpan<byte> utf8) =>
        ignoreCase
            ? CompareText(utf8, static (value, expected) => value.Equals(expected, StringComparison.OrdinalIgnoreCase))
            : utf8.SequenceEqual(_utf8);

    public bool StartsWith(ReadOnlySpan<byte> utf8) =>
        ignoreCase
            ? CompareText(utf8, static (value, expected) => value.StartsWith(expected, StringComparison.OrdinalIgnoreCase))
            : utf8.StartsWith(_utf8);

    public bool EndsWith(ReadOnlySpan<byte> utf8) =>
        ignoreCase
            ? CompareText(utf8, static (value, expected) => value.EndsWith(expected, StringComparison.OrdinalIgnoreCase))
            : utf8.EndsWith(_utf8);

    private bool CompareText(ReadOnlySpan<byte> utf8, Func<string, string, bool> compare) => compare(Encoding.UTF8.GetString(utf8), text);
}
