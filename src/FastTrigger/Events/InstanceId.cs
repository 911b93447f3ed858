namespace FastTrigger.Events;

/// <summary>The ids of EC2 instances: i- and 8 or 17 hexadecimal digits.</summary>
internal static class InstanceId
{
    public static bool Is(string text) =>
        text.StartsWith("i-", StringComparison.Ordinal) && text.Length is (10 or 19) && AreDigits(text.AsSpan(2));

    /// <summary>Also the ids of other machines that Systems Manager manages: mi- and 17 digits.</summary>
    public static bool IsManaged(string text) =>
        Is(text) || (text.StartsWith("mi-", StringComparison.Ordinal) && text.Length == 20 && AreDigits(text.AsSpan(3)));

    /// <summary>
    /// The id in the ARN of an instance, arn:aws:ec2:REGION:ACCOUNT:instance/ID, or of another machine,
    /// arn:aws:ssm:REGION:ACCOUNT:managed-instance/ID; null when the text is no such ARN.
    /// </summary>
    public static string? OfArn(string text)
    {
        if (!text.StartsWith("arn:", StringComparison.Ordinal) || text.Split(':') is not ["arn", _, var service, _, _, var resource])
        {
            return null;
        }

        var type = service switch { "ec2" => "instance/", "ssm" => "managed-instance/", _ => null };
        return type is not null && resource.StartsWith(type, StringComparison.Ordinal) ? resource[type.Length..] : null;
    }

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
