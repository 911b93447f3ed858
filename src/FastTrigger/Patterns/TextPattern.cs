using System.Text;
using System.Text.Unicode;

namespace FastTrigger.Patterns;

/// <summary>A text to compare with, exactly or without regard to case. A comparison allocates nothing.</summary>
internal sealed class TextPattern(string text, bool ignoreCase)
{
    private const int MaxChars = 128;

    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);

    public bool Equals(ReadOnlySpan<byte> utf8) =>
        ignoreCase ? Folds(utf8, out var rest) && rest == 0 : utf8.SequenceEqual(_utf8);

    public bool StartsWith(ReadOnlySpan<byte> utf8) => ignoreCase ? Folds(utf8, out _) : utf8.StartsWith(_utf8);

    public bool EndsWith(ReadOnlySpan<byte> utf8) => ignoreCase ? Equals(End(utf8)) : utf8.EndsWith(_utf8);

    /// <summary>Whether a text starts with the expected one in any case: each UTF-16 character stands for one in every case.</summary>
    /// <param name="rest">How many bytes follow it.</param>
    private bool Folds(ReadOnlySpan<byte> utf8, out int rest)
    {
        Span<char> chars = stackalloc char[MaxChars];
        var expected = text.AsSpan();
        while (!expected.IsEmpty)
        {
            Utf8.ToUtf16(utf8, chars[..Math.Min(MaxChars, expected.Length)], out var read, out var written);
            if (written == 0 || !expected[..written].Equals(chars[..written], StringComparison.OrdinalIgnoreCase))
            {
                rest = 0;
                return false;
            }

            utf8 = utf8[read..];
            expected = expected[written..];
        }

        rest = utf8.Length;
        return true;
    }

    /// <summary>The end of a text that has as many UTF-16 characters as the expected one, or one more.</summary>
    private ReadOnlySpan<byte> End(ReadOnlySpan<byte> utf8)
    {
        var at = utf8.Length;
        for (var missing = text.Length; missing > 0 && at > 0;)
        {
            at--;
            var isFirstByte = (utf8[at] & 0b1100_0000) != 0b1000_0000;
            missing -= isFirstByte ? (utf8[at] >= 0b1111_0000 ? 2 : 1) : 0;
        }

        return utf8[at..];
    }
}
