using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Storm;

/// <summary>What Lambda and SQS count for the bill of a run.</summary>
/// <param name="Requests">The invocations that ran, also those that failed.</param>
/// <param name="GbSeconds">Memory times INIT and duration, each invocation rounded up to a millisecond.</param>
/// <param name="Price">Null without prices.</param>
internal sealed record StormCost(int Requests, double GbSeconds, int QueueRequests, double? Price)
{
    private const double MegabytesOfGb = 1_024, Million = 1_000_000;

    public static StormCost Of(StormScenario scenario, IEnumerable<InvocationOutcome> invocations, int queueRequests)
    {
        var (requests, milliseconds) = (0, 0.0);
        foreach (var outcome in invocations.Where(static outcome => !outcome.IsThrottled))
        {
            requests++;
            // INIT is billed as the invocation's own time is (aws.amazon.com/lambda/pricing).
            milliseconds += Math.Ceiling((outcome.Duration + (outcome.Init ?? TimeSpan.Zero)).TotalMilliseconds);
        }

        var gbSeconds = milliseconds / 1_000 * scenario.Memory / MegabytesOfGb;
        return new(requests, gbSeconds, queueRequests, scenario.Prices is not { } prices
            ? null
            : (requests / Million * prices.MillionRequests)
                + (gbSeconds * prices.GbSecond)
                + (queueRequests / Million * prices.MillionQueueRequests));
    }
}
