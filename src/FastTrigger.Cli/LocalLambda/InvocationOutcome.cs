namespace FastTrigger.Cli.LocalLambda;

/// <summary>How an invocation ended.</summary>
/// <param name="Payload">The answer, or the error's document.</param>
/// <param name="ErrorType">Null when the function answered.</param>
/// <param name="Duration">From the event's delivery to the function's answer.</param>
internal sealed record InvocationOutcome(string RequestId, byte[] Payload, string? ErrorType, TimeSpan Duration)
{
    /// <summary>What Lambda says of a function whose environments are all busy and at their limit.</summary>
    public const string Throttled = "TooManyRequestsException";

    /// <summary>How long the environment took to start; null when it was there already.</summary>
    public TimeSpan? Init { get; init; }

    public bool IsThrottled => ErrorType == Throttled;

    public bool IsError => ErrorType is not null;
}
