using System.Text;
using System.Text.Unicode;

namespace FastTrigger.Patterns;

/// <summary>
/// A text to compare with, exactly or without regard to case. Then each of its letters stands for its lower and for its upper case, as in
/// AWS's open engine (github.com/aws/event-ruler, EqualsIgnoreCaseParser). A comparison allocates nothing.
/// </summary>
internal sealed class TextPattern(string text, bool ignoreCase)
{
    private const int MaxChars = 128;

    private readonly byte[] _utf8 = ignoreCase ? [] : Encoding.UTF8.GetBytes(text);
    private readonly string _lower = ignoreCase ? text.ToLowerInvariant() : "";

    /// <summary>.NET has no upper case of these two letters (github.com/dotnet/runtime, CharUnicodeInfoData.cs).</summary>
    private readonly string _upper = ignoreCase ? text.ToUpperInvariant().Replace('ı', 'I').Replace('ſ', 'S') : "";

    public bool Equals(ReadOnlySpan<byte> utf8) =>
        ignoreCase ? Folds(utf8, out var rest) && rest == 0 : utf8.SequenceEqual(_utf8);

    public bool StartsWith(ReadOnlySpan<byte> utf8) => ignoreCase ? Folds(utf8, out _) : utf8.StartsWith(_utf8);

    public bool EndsWith(ReadOnlySpan<byte> utf8) => ignoreCase ? Equals(End(utf8)) : utf8.EndsWith(_utf8);

    /// <summary>Whether a text starts with the expected one in any case: each UTF-16 character stands for one in every case.</summary>
    /// <param name="rest">How many bytes follow it.</param>
    private bool Folds(ReadOnlySpan<byte> utf8, out int rest)
    {
        Span<char> chars = stackalloc char[MaxChars];
        for (var at = 0; at < _lower.Length;)
        {
            Utf8.ToUtf16(utf8, chars[..Math.Min(MaxChars, _lower.Length - at)], out var read, out var written);
            if (written == 0)
            {
                rest = 0;
                return false;
            }

            foreach (var letter in chars[..written])
            {
                if (letter != _lower[at] && letter != _upper[at])
                {
                    rest = 0;
                    return false;
                }

                at++;
            }

            utf8 = utf8[read..];
        }

        rest = utf8.Length;
        return true;
    }

    /// <summary>The end of a text that has as many UTF-16 characters as the expected one, or one more.</summary>
    private ReadOnlySpan<byte> End(ReadOnlySpan<byte> utf8)
    {
        var at = utf8.Length;
        for (var missing = _lower.Length; missing > 0 && at > 0;)
        {
            at--;
            var isFirstByte = (utf8[at] & 0b1100_0000) != 0b1000_0000;
            missing -= isFirstByte ? (utf8[at] >= 0b1111_0000 ? 2 : 1) : 0;
        }

        return utf8[at..];
    }
}
