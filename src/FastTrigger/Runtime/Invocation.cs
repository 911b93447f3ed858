namespace FastTrigger.Runtime;

/// <summary>One invocation as the Runtime API's headers describe it. What Lambda did not send is null.</summary>
internal sealed record Invocation
{
    public required string RequestId { get; init; }

    /// <summary>When Lambda will end the invocation, milliseconds since 1970.</summary>
    public required long DeadlineMs { get; init; }

    public string? FunctionArn { get; init; }

    public string? TraceId { get; init; }

    public string? ClientContext { get; init; }

    public string? CognitoIdentity { get; init; }

    public string? TenantId { get; init; }

    /// <summary>The event: any bytes, up to 6 MiB. Valid until the invocation is answered.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
