namespace FastTrigger.Aws;

/// <summary>One set of keys, never changed: new ones take its place as a whole.</summary>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <summary>Milliseconds since 1970; the end of time for keys that come from the environment, which Lambda replaces with the process.</summary>
    public long ExpiresMs { get; init; } = long.MaxValue;

    /// <summary>Keys are secrets: they are not shown.</summary>
    public override string ToString() => $"credentials {AccessKeyId}";
}
