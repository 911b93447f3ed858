namespace FastTrigger.Aws;

internal enum AwsFailureKind
{
    /// <summary>AWS refuses the request, and would refuse it again.</summary>
    Refused,

    /// <summary>AWS refuses the request for now. It had no effect.</summary>
    Throttled,

    /// <summary>AWS answered 5xx, 408, or not with the whole document: nobody knows whether the request took effect.</summary>
    ServerFault,

    /// <summary>No complete response arrived.</summary>
    NoAnswer,

    /// <summary>The session token has expired: only a fresh environment has a new one.</summary>
    Expired,

    /// <summary>The request could not be sent: credentials, endpoint or trust are missing, or the call is not declared.</summary>
    Unusable,

    /// <summary>The request would change something, and this is a dry run.</summary>
    DryRun,
}

/// <summary>Why a call did not succeed.</summary>
/// <param name="Code">AWS's error code, or empty.</param>
/// <param name="Sent">Whether any byte of the request left, so that it may have taken effect.</param>
/// <param name="TimeIsUp">Whether the call ended because the invocation's time did.</param>
internal sealed record AwsFailure(AwsFailureKind Kind, string Code, string Message, bool Sent, bool TimeIsUp = false)
{
    /// <summary>AWS's id of the request, by which its support finds it; null when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether the request may have taken effect.</summary>
    public bool IsUnknown => Sent && (Kind is AwsFailureKind.ServerFault or AwsFailureKind.NoAnswer);

    /// <summary>AWS's code, when there is one, and the message.</summary>
    public string Reason => Code.Length > 0 ? $"{Code}: {Message}" : Message;

    /// <summary>Whether EC2 does not know a resource: InvalidInstanceID.NotFound and the like.</summary>
    public bool IsNotFound() => Kind == AwsFailureKind.Refused
        && (Code.EndsWith("NotFound", StringComparison.Ordinal)
            || Code.EndsWith(".Unknown", StringComparison.Ordinal)
            || Code == "InvalidID");

    /// <summary>Whether the same request may succeed later.</summary>
    public bool MayPass => Kind is AwsFailureKind.Throttled or AwsFailureKind.ServerFault or AwsFailureKind.NoAnswer;
}
