using System.Buffers.Text;

namespace FastTrigger.Patterns;

/// <summary>JSON numbers compared as EventBridge does: 300 is 3.0e2, and an integer that a double cannot hold is compared as text.</summary>
internal static class Numbers
{
    /// <summary>Digits up to which every integer has a double of its own.</summary>
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

    private static bool IsLongInteger(ReadOnlySpan<byte> text) => text.TrimStart((byte)'-').Length > ExactDigits && text.IndexOfAny(".eE"u8) < 0;
}
