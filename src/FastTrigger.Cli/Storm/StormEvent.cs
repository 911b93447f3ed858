using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Storm;

/// <summary>What became of one event.</summary>
/// <param name="At">Its arrival since the start of the storm.</param>
/// <param name="Whole">The time from its arrival to the end of the invocation that settled it.</param>
/// <param name="Start">The part in which new environments started for it (INIT).</param>
/// <param name="Work">The part in which the function worked.</param>
/// <param name="Retrying">The part between a failure and Lambda's next attempt.</param>
/// <param name="Throttled">How often it found no environment.</param>
/// <param name="Failures">How many of its invocations failed.</param>
/// <param name="Error">The last error type; null when it was done.</param>
internal sealed record StormEvent(
    int Number,
    TimeSpan At,
    TimeSpan Whole,
    TimeSpan Start,
    TimeSpan Work,
    TimeSpan Retrying,
    bool IsCold,
    int Throttled,
    int Failures,
    string? Error)
{
    /// <summary>The rest: no environment was there for it, or the machine was busy.</summary>
    public TimeSpan Waiting
    {
        get
        {
            var rest = Whole - Start - Work - Retrying;
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <param name="outcomes">All attempts to invoke the function for it.</param>
    public static StormEvent Of(
        int number,
        TimeSpan at,
        TimeSpan whole,
        IReadOnlyList<InvocationOutcome> outcomes,
        TimeSpan retrying,
        string? error) => new(
            number,
            at,
            whole,
            Sum(outcomes.Select(static outcome => outcome.Init ?? TimeSpan.Zero)),
            Sum(outcomes.Select(static outcome => outcome.Duration)),
            retrying,
            outcomes.Any(static outcome => outcome.Init is not null),
            outcomes.Count(static outcome => outcome.IsThrottled),
            outcomes.Count(static outcome => outcome is { IsError: true, IsThrottled: false }),
            error);

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, static (sum, time) => sum + time);
}
