using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>The outcome of an invocation.</summary>
/// <param name="Payload">The response, or the error document.</param>
/// <param name="ErrorType">The error type; null when the function answered.</param>
/// <param name="Duration">The time from the delivery of the event to the function's response.</param>
internal sealed record InvocationOutcome(string RequestId, byte[] Payload, string? ErrorType, TimeSpan Duration)
{
    /// <summary>Lambda's error type when all environments are busy and their number is at its limit.</summary>
    public const string Throttled = "TooManyRequestsException";

    public static InvocationOutcome ThrottledFor(string requestId) => new(requestId, [], Throttled, TimeSpan.Zero);

    /// <summary>An error of the service, with its document.</summary>
    public static InvocationOutcome Error(string requestId, string errorType, string message)
    {
        var document = new JsonObject { ["errorType"] = errorType, ["errorMessage"] = $"RequestId: {requestId} Error: {message}" };
        return new(requestId, Encoding.UTF8.GetBytes(document.ToJsonString()), errorType, TimeSpan.Zero);
    }

    /// <summary>The start of a new environment; null when one was free.</summary>
    public TimeSpan? Init { get; init; }

    public bool IsThrottled => ErrorType == Throttled;

    public bool IsError => ErrorType is not null;
}
