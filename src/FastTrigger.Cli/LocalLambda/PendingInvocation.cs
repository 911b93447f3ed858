using System.Diagnostics;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>An invocation between Invoke and the function's response.</summary>
internal sealed class PendingInvocation(byte[] payload)
{
    private static readonly InvocationOutcome s_returned = new("", [], "Runtime.ExitError", TimeSpan.Zero);

    public string RequestId { get; init; } = Guid.NewGuid().ToString();

    public byte[] Payload => payload;

    public string? ClientContext { get; init; }

    /// <summary>The ARN that the function was invoked by; null for its own.</summary>
    public string? InvokedArn { get; init; }

    public string? TraceId { get; init; } =
        $"Root=1-{DateTimeOffset.UtcNow.ToUnixTimeSeconds():x8}-{Guid.NewGuid().ToString("n")[..24]};Sampled=0";

    /// <summary>The Stopwatch ticks of the delivery; 0 before it.</summary>
    public long Delivered { get; set; }

    public TaskCompletionSource<InvocationOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes the event back from an environment that ended before its delivery, so that another environment may have it.</summary>
    public void Return() => Completion.TrySetResult(s_returned);

    /// <summary>Whether an outcome says that the event was taken back.</summary>
    public static bool IsReturned(InvocationOutcome outcome) => ReferenceEquals(outcome, s_returned);

    /// <summary>Completes the invocation; false when it was complete already.</summary>
    public bool TryEnd(byte[] answer, string? errorType) =>
        Completion.TrySetResult(new(RequestId, answer, errorType, Delivered == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Delivered)));
}
