namespace FastTrigger.Cli.LocalLambda;

/// <summary>How an invocation ended.</summary>
/// <param name="Payload">The answer, or the error's document.</param>
/// <param name="ErrorType">Null when the function answered.</param>
/// <param name="Duration">From the event's delivery to the function's answer.</param>
internal sealed record InvocationOutcome(string RequestId, byte[] Payload, string? ErrorType, TimeSpan Duration)
{
    public bool IsError => ErrorType is not null;
}
