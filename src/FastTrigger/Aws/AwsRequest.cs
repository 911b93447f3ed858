using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>How a service wants its calls written (smithy.io/2.0/aws/protocols).</summary>
internal enum AwsProtocol
{
    /// <summary>A form of flat names; XML comes back.</summary>
    Query,
    Json10,
    Json11,
    /// <summary>A document posted to a path of its own.</summary>
    RestJson,
}

/// <summary>One call of one operation.</summary>
/// <param name="Target">The value of X-Amz-Target for the JSON protocols, the path for REST; null for the query form.</param>
/// <param name="Idempotent">Whether it may be sent again when nobody knows whether it was done (C5.1).</param>
internal readonly record struct AwsRequest(string Service, string Region, AwsProtocol Protocol, string? Target, ByteBuffer Body, bool Idempotent)
{
    /// <summary>Those of a role that was assumed; null for the function's own.</summary>
    public AwsCredentials? Credentials { get; init; }

    /// <summary>How long the service may take to begin its answer (C5.3).</summary>
    public int FirstByteMs { get; init; } = HttpConnection.FirstByteMs;

    public string ContentType => Protocol switch
    {
        AwsProtocol.Query => "application/x-www-form-urlencoded; charset=utf-8",
        AwsProtocol.Json10 => "application/x-amz-json-1.0",
        AwsProtocol.Json11 => "application/x-amz-json-1.1",
        _ => "application/json",
    };
}
