using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>One call of one operation.</summary>
/// <param name="Target">The value of X-Amz-Target for JSON 1.1; null for EC2's query form.</param>
/// <param name="Idempotent">Whether it may be sent again when nobody knows whether it was done (C5.1).</param>
internal readonly record struct AwsRequest(string Service, string Region, string Operation, string? Target, ByteBuffer Body, bool Idempotent)
{
    public string ContentType => Target is null ? "application/x-www-form-urlencoded; charset=utf-8" : "application/x-amz-json-1.1";
}
