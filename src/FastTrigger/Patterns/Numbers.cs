using System.Buffers.Text;

namespace FastTrigger.Patterns;

/// <summary>
/// Compares JSON numbers as EventBridge does. 300 equals 3.0e2. An integer that a double cannot represent is compared as text.
/// </summary>
internal static class Numbers
{
    /// <summary>A double represents every integer of up to this many digits exactly.</summary>
    private const int ExactDigits = 15;

    public static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.SequenceEqual(b))
        {
            return true;
        }

        return !IsLongInteger(a) && !IsLongInteger(b) && TryParse(a, out var x) && TryParse(b, out var y) && x == y;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && double.IsFinite(value);

    private static bool IsLongInteger(ReadOnlySpan<byte> text) =>
        text.TrimStart((byte)'-').Length > ExactDigits && text.IndexOfAny(".eE"u8) < 0;
}
