namespace FastTrigger.Http;

/// <summary>How much of an answer is accepted, in bytes.</summary>
internal readonly record struct HttpLimits(int Head, int Body)
{
    /// <summary>AWS's answers: a page of DescribeInstances is the largest.</summary>
    public static HttpLimits Aws => new(64 * 1024, 8 * 1024 * 1024);

    /// <summary>Lambda delivers up to 6 MiB; the client context header may be large.</summary>
    public static HttpLimits RuntimeApi => new(256 * 1024, 16 * 1024 * 1024);
}
