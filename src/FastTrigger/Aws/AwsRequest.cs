using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>How a service takes its requests (smithy.io/2.0/aws/protocols).</summary>
internal enum AwsProtocol
{
    /// <summary>A form of flat names; the response is XML.</summary>
    Query,
    Json10,
    Json11,
    /// <summary>A document that is posted to a path of its own.</summary>
    RestJson,
}

/// <summary>One request of one operation.</summary>
/// <param name="Target">The value of X-Amz-Target for the JSON protocols, the path for REST; null for the query form.</param>
internal readonly record struct AwsRequest(AwsOperation Operation, string Region, AwsProtocol Protocol, string? Target, ByteBuffer Body)
{
    /// <summary>The credentials of an assumed role; null for the function's own.</summary>
    public AwsCredentials? Credentials { get; init; }

    /// <summary>Writes the members of a JSON document. It may be asked again, because they may have times in them.</summary>
    public Action<JsonBuilder>? Members { get; init; }

    /// <summary>How long the service may take to start its response (C5.3).</summary>
    public int FirstByteMs { get; init; } = HttpConnection.FirstByteMs;

    public string ContentType => Protocol switch
    {
        AwsProtocol.Query => "application/x-www-form-urlencoded; charset=utf-8",
        AwsProtocol.Json10 => "application/x-amz-json-1.0",
        AwsProtocol.Json11 => "application/x-amz-json-1.1",
        _ => "application/json",
    };
}
