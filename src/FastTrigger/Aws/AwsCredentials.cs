using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>One set of keys. It never changes: a new set replaces it as a whole.</summary>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <summary>Milliseconds since 1970. Keys from the environment never expire here: Lambda replaces them with the process.</summary>
    public long ExpiresMs { get; init; } = long.MaxValue;

    /// <summary>Whether headers can hold them: a line break would begin another header.</summary>
    public bool AreHeaderValues => HttpRequest.IsHeaderValue(AccessKeyId) && HttpRequest.IsHeaderValue(SessionToken);

    /// <summary>The keys are secrets, so the text does not have them.</summary>
    public override string ToString() => $"credentials {AccessKeyId}";
}
