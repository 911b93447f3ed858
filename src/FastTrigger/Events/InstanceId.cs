namespace FastTrigger.Events;

/// <summary>The ids of EC2 instances: i- and 8 or 17 hexadecimal digits.</summary>
internal static class InstanceId
{
    public static bool Is(string text) =>
        text.StartsWith("i-", StringComparison.Ordinal) && text.Length is (10 or 19) && AreDigits(text.AsSpan(2));

    /// <summary>Also the ids of other machines that Systems Manager manages: mi- and 17 digits.</summary>
    public static bool IsManaged(string text) =>
        Is(text) || (text.StartsWith("mi-", StringComparison.Ordinal) && text.Length == 20 && AreDigits(text.AsSpan(3)));

    private static bool AreDigits(ReadOnlySpan<char> text)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigitLower(digit))
            {
                return false;
            }
        }

        return true;
    }
}
