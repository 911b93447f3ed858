namespace FastTrigger.Aws;

internal enum AwsFailureKind
{
    /// <summary>AWS said no, and will say no again.</summary>
    Refused,

    /// <summary>AWS said: not now. Nothing was done.</summary>
    Throttled,

    /// <summary>AWS answered 5xx: whether it was done is not known.</summary>
    ServerFault,

    /// <summary>No complete answer came.</summary>
    NoAnswer,

    /// <summary>The session token has expired: only a fresh environment has a new one.</summary>
    Expired,

    /// <summary>It could not be sent at all for a reason of ours: credentials, endpoint, trust.</summary>
    Unusable,
}

/// <summary>Why a call did not succeed.</summary>
/// <param name="Code">AWS's error code, or empty.</param>
/// <param name="Sent">Whether any byte of it left, so that it may have been done.</param>
/// <param name="TimeIsUp">Whether it ended because the invocation's time did.</param>
internal sealed record AwsFailure(AwsFailureKind Kind, string Code, string Message, bool Sent, bool TimeIsUp = false)
{
    /// <summary>Whether it may have been done all the same.</summary>
    public bool IsUnknown => Sent && (Kind is AwsFailureKind.ServerFault or AwsFailureKind.NoAnswer);

    /// <summary>AWS's code, when there is one, and the message.</summary>
    public string Reason => Code.Length > 0 ? $"{Code}: {Message}" : Message;

    /// <summary>Whether EC2 does not know a resource: InvalidInstanceID.NotFound and the like.</summary>
    public bool IsNotFound() =>
        Kind == AwsFailureKind.Refused && (Code.EndsWith("NotFound", StringComparison.Ordinal) || Code.EndsWith(".Unknown", StringComparison.Ordinal) || Code == "InvalidID");

    /// <summary>Whether it may go well another time.</summary>
    public bool MayPass => Kind is AwsFailureKind.Throttled or AwsFailureKind.ServerFault or AwsFailureKind.NoAnswer;
}
