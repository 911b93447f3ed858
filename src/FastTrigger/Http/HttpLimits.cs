namespace FastTrigger.Http;

/// <summary>The maximum size of an answer, in bytes.</summary>
internal readonly record struct HttpLimits(int Head, int Body)
{
    /// <summary>For answers of AWS. A page of DescribeInstances is the largest.</summary>
    public static HttpLimits Aws => new(64 * 1024, 8 * 1024 * 1024);

    /// <summary>For events from Lambda. A payload has up to 6 MiB, and the client context header may be large.</summary>
    public static HttpLimits RuntimeApi => new(256 * 1024, 16 * 1024 * 1024);
}
