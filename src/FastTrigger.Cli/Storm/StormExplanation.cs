using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Output;

namespace FastTrigger.Cli.Storm;

/// <summary>One plain sentence about a run: how long half of the events took, what that time consists of, and why.</summary>
internal static class StormExplanation
{
    /// <param name="cores">The processors that all processes share.</param>
    public static string Of(StormResult result, StormPlan plan, int cores)
    {
        if (result.Events.Count == 0 || result.Lost == result.Events.Count)
        {
            return $"None of {Counted.Of(result.Events.Count, "event")} was done.";
        }

        var parts = result.MedianParts();
        var between = parts.Retrying > 0 ? $", {Ms(parts.Retrying)} between a failure and Lambda's next attempt" : "";
        return $"Half of the events were done within {Ms(parts.Whole)}: {Ms(parts.Waiting)} of {WaitName(result, cores)}, "
            + $"{Ms(parts.Start)} of its start{between} and {Ms(parts.Work)} of work; {Reason(result, parts, plan, cores)}.";
    }

    private static string Reason(StormResult result, StormParts parts, StormPlan plan, int cores)
    {
        var largest = Math.Max(Math.Max(parts.Waiting, parts.Start), Math.Max(parts.Work, parts.Retrying));
        return largest == parts.Retrying ? RetryReason(result)
            : largest == parts.Waiting ? WaitReason(result, plan, cores)
            : largest == parts.Start ? StartReason(result, plan, cores)
            : WorkReason(result, cores);
    }

    /// <summary>Who waits for what: a free environment is only handed the event.</summary>
    private static string WaitName(StormResult result, int cores) =>
        result.ThrottledAtLimit > 0 || result.ThrottledByScaling > 0 ? "waiting for an environment"
        : result.Variant.Queue is { WindowSeconds: > 0 } ? "waiting in the queue"
        : result.Cold > 0 && result.MaxBusy > cores ? "waiting for an environment"
        : "handing it over";

    private static string RetryReason(StormResult result) =>
        $"{Counted.Of(result.Failures, "invocation")} failed, {(result.ThrottledCalls > 0 ? "as AWS throttled calls, " : "")}"
        + (result.Variant.Queue is { } queue
            ? $"and their messages come again after {queue.VisibilitySeconds:0.#} s"
            : "and Lambda tries again after one and two minutes");

    private static string WaitReason(StormResult result, StormPlan plan, int cores)
    {
        if (result.Variant.Queue is { WindowSeconds: > 0 } queue && result.ThrottledAtLimit == 0)
        {
            return $"the queue gathers up to {queue.BatchSize} messages for up to {queue.WindowSeconds:0.#} s";
        }

        if (result.ThrottledByScaling > result.ThrottledAtLimit)
        {
            return $"{Counted.Of(result.ThrottledByScaling, "attempt")} came when Lambda added no environment so soon, after which it "
                + "waits 1 s, 2 s and so on";
        }

        if (result.ThrottledAtLimit > 0)
        {
            return $"{Arrivals(plan)} and {Counted.Of(result.ThrottledAtLimit, "attempt")} found "
                + $"{(result.Variant.Environments == 1 ? "the one environment" : $"all {result.Variant.Environments} environments")} busy, "
                + "after which Lambda waits 1 s, 2 s and so on";
        }

        return result.Cold > 0 && result.MaxBusy > cores
            ? $"{Arrivals(plan)} and this machine's {cores} cores had up to {result.MaxBusy} environments to start and to serve at "
                + "the same time"
            : "an environment was free for most, and this machine takes that long to hand events over";
    }

    private static string StartReason(StormResult result, StormPlan plan, int cores)
    {
        var fastest = result.Events.Where(static settled => settled.IsCold).Min(static settled => settled.Start.TotalMilliseconds);
        return $"{Arrivals(plan)} and {result.Cold} of {result.Events.Count} needed a new environment, and up to {result.MaxBusy} at the "
            + $"same time share {cores} cores, where the fastest started in {Ms(fastest)}";
    }

    private static string WorkReason(StormResult result, int cores)
    {
        var fastest = result.Events.Min(static settled => settled.Work.TotalMilliseconds);
        return result.Calls.Any(static call => call is { IsEnforced: true, Throttled: > 0 })
            ? $"AWS throttled {Counted.Of(result.ThrottledCalls, "call")}, which the function repeats after a pause"
            : result.MaxBusy == 1
                ? $"they came one at a time, and the fastest took {Ms(fastest)}"
                : $"up to {result.MaxBusy} functions at the same time share {cores} cores, where the fastest took {Ms(fastest)}";
    }

    private static string Arrivals(StormPlan plan) => plan.Arrivals == ArrivalKind.Burst
        ? $"{plan.Times().GroupBy(static time => time).Max(static burst => burst.Count())} events arrive at once"
        : $"events arrive at {plan.Rate:0.##} a second";

    private static string Ms(double milliseconds) => $"{LabReport.Number(milliseconds, 1)} ms";
}
