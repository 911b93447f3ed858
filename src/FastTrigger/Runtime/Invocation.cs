using FastTrigger.Http;
using FastTrigger.Telemetry;

namespace FastTrigger.Runtime;

/// <summary>One invocation as the Runtime API's headers describe it. What Lambda did not send is null.</summary>
internal sealed class Invocation
{
    public required string RequestId { get; init; }

    /// <summary>When Lambda will end the invocation, milliseconds since 1970.</summary>
    public required long DeadlineMs { get; init; }

    public string? FunctionArn { get; init; }

    /// <summary>
    /// The answer that brought it: what few handlers ask for is read from it when they do, until the invocation is answered.
    /// </summary>
    public HttpResponse? Head { get; init; }

    /// <summary>Lambda-Runtime-Trace-Id as Lambda sent it; empty for none.</summary>
    public ReadOnlySpan<byte> TraceHeader =>
        Head is not null && Head.TryGetHeader("lambda-runtime-trace-id"u8, out var header) ? header : [];

    /// <summary>The trace that the invocation is a part of, as in 1-5759e988-bd862e3fe1be46a994272793; empty for none.</summary>
    public ReadOnlySpan<byte> TraceRoot => XRayTrace.Part(TraceHeader, "Root="u8);

    public string? TraceId => Given("lambda-runtime-trace-id"u8);

    public string? ClientContext => Given("lambda-runtime-client-context"u8);

    public string? CognitoIdentity => Given("lambda-runtime-cognito-identity"u8);

    public string? TenantId => Given("lambda-runtime-aws-tenant-id"u8);

    /// <summary>The event: any bytes, up to 6 MiB. Valid until the invocation is answered.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    private string? Given(ReadOnlySpan<byte> name) => Head?.Header(name) is { Length: > 0 } value ? value : null;
}
