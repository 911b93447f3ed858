using System.Diagnostics;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>An invocation between Invoke and the function's response.</summary>
internal sealed class PendingInvocation(byte[] payload)
{
    public string RequestId { get; init; } = Guid.NewGuid().ToString();

    public byte[] Payload => payload;

    public string? ClientContext { get; init; }

    public string? TraceId { get; init; } =
        $"Root=1-{DateTimeOffset.UtcNow.ToUnixTimeSeconds():x8}-{Guid.NewGuid().ToString("n")[..24]};Sampled=0";

    /// <summary>The Stopwatch ticks of the delivery.</summary>
    public long Delivered { get; set; }

    public TaskCompletionSource<InvocationOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes the invocation; false when it was complete already.</summary>
    public bool TryEnd(byte[] answer, string? errorType) =>
        Completion.TrySetResult(new(RequestId, answer, errorType, Delivered == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Delivered)));
}
