using System.Globalization;
using System.Text;

namespace FastTrigger.Actions.Tagging;

/// <summary>
/// Tag values that EC2 takes and every tool can show (docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html, restrictions): at most
/// 256 characters; letters, numbers, spaces and _ . : / = + - @.
/// </summary>
internal static class TagValue
{
    private const int MaxKey = 128, MaxValue = 256;

    /// <summary>The text with _ in place of each illegal character, cut to the legal length.</summary>
    public static string MakeLegal(string text)
    {
        if (text.Length <= MaxValue && IsPlain(text))
        {
            return text;
        }

        var legal = new StringBuilder(Math.Min(text.Length, MaxValue));
        foreach (var rune in text.EnumerateRunes())
        {
            if (legal.Length + rune.Utf16SequenceLength > MaxValue)
            {
                break;
            }

            if (IsLegal(rune))
            {
                legal.Append(rune);
            }
            else
            {
                legal.Append('_');
            }
        }

        return legal.ToString();
    }

    /// <summary>Null when a key may be used; else what is wrong with it.</summary>
    public static string? Refuse(string key)
    {
        if (key.Length is 0 or > MaxKey)
        {
            return $"a tag key has 1 to {MaxKey} characters";
        }

        if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
        {
            return "tag keys beginning with aws: belong to AWS";
        }

        return MakeLegal(key) == key ? null : "a tag key has letters, numbers, spaces and _ . : / = + - @";
    }

    /// <summary>Whether it has only legal ASCII characters, as nearly every value.</summary>
    private static bool IsPlain(string text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !IsSign(letter))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSign(int letter) => letter is '_' or '.' or ':' or '/' or '=' or '+' or '-' or '@' or ' ';

    private static bool IsLegal(Rune rune) =>
        Rune.IsLetterOrDigit(rune)
        || Rune.IsNumber(rune)
        || IsSign(rune.Value)
        // A mark belongs to the letter before it: without the mark it is another word.
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
