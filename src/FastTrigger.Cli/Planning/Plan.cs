using FastTrigger.Cli.Storm;

namespace FastTrigger.Cli.Planning;

/// <summary>What a plan assumes, as nothing on this machine can say it.</summary>
/// <param name="Memory">The function's memory in MB.</param>
/// <param name="CallMs">How long a call of AWS takes, in milliseconds; calls of an invocation follow each other.</param>
/// <param name="InitMs">How long an environment takes to start, in milliseconds. It is billed.</param>
/// <param name="Concurrency">How many environments the account may have busy at the same time.</param>
internal sealed record PlanAssumptions(int Memory, double CallMs, double InitMs, int Concurrency)
{
    /// <summary>Lambda's default (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).</summary>
    public const int DefaultConcurrency = 1_000;

    /// <summary>
    /// How long an environment is kept without an event, and the least share of events that start one. AWS documents neither.
    /// </summary>
    public const double KeptSeconds = 300, LeastCold = 0.01;

    /// <summary>
    /// How many requests an environment takes in a second when it is invoked synchronously
    /// (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
    /// </summary>
    public const int RequestsPerSecond = 10;

    /// <summary>The function's timeout, in milliseconds.</summary>
    public int TimeoutMs { get; init; } = int.MaxValue;

    /// <summary>Of the moments, the share in which the environments of <see cref="Plan.MostBusy"/> are enough.</summary>
    public const double Moments = 0.999_999;
}

/// <summary>A call of AWS at a rate of events, beside its quota.</summary>
/// <param name="Quota">The documented one; null when there is none.</param>
internal sealed record CallRate(string Operation, double PerInvocation, double PerSecond, ScenarioQuota? Quota)
{
    /// <summary>The share of the quota that is used: above 1, calls are throttled.</summary>
    public double? Share => PerSecond / Quota?.RefillPerSecond;
}

/// <summary>What a steady rate of events asks of Lambda and AWS.</summary>
/// <param name="EventsPerSecond">A batch brings several with one invocation.</param>
internal sealed record Plan(PlanMeasurement Measured, PlanAssumptions Assumed, double EventsPerSecond)
{
    public double InvocationsPerSecond => EventsPerSecond / Math.Max(1, Measured.Items);

    /// <summary>How long a warm invocation takes, in milliseconds.</summary>
    public double DurationMs => Measured.OwnMs + (Measured.Calls.Sum(static call => call.PerInvocation) * Assumed.CallMs);

    /// <summary>
    /// The share of invocations that start an environment. Events that come at random find none when none came for as long as one is kept.
    /// </summary>
    public double ColdShare => Math.Max(PlanAssumptions.LeastCold, Math.Exp(-InvocationsPerSecond * PlanAssumptions.KeptSeconds));

    /// <summary>How many environments are busy on average (Little's law).</summary>
    public double Busy => InvocationsPerSecond * (DurationMs + (ColdShare * Assumed.InitMs)) / 1_000;

    /// <summary>How many are busy at the same time at most, of events that come at random, in all but one of a million moments.</summary>
    public int MostBusy => Poisson.Quantile(Busy, PlanAssumptions.Moments);

    public IReadOnlyList<CallRate> Calls =>
    [
        .. Measured.Calls.Select(call => new CallRate(
            call.Operation, call.PerInvocation, call.PerInvocation * InvocationsPerSecond, DocumentedQuotas.Find(call.Operation))),
    ];

    /// <summary>Whether Lambda and AWS take this rate, as far as their quotas are documented.</summary>
    public bool Fits => !TimesOut
        && MostBusy <= Assumed.Concurrency
        && EventsPerSecond <= SynchronousLimit
        && Calls.All(static call => call.Share is null or <= 1);

    /// <summary>Whether a warm invocation takes longer than it may.</summary>
    public bool TimesOut => DurationMs > Assumed.TimeoutMs;

    /// <summary>The events a second that Lambda takes at most, whatever their duration is; infinity for asynchronous ones.</summary>
    private double SynchronousLimit => Measured.IsSynchronous
        ? (double)Assumed.Concurrency * PlanAssumptions.RequestsPerSecond * Math.Max(1, Measured.Items)
        : double.PositiveInfinity;

    /// <summary>The first limit that a rising rate meets: its name, and the events a second that it lets pass.</summary>
    public (string Name, double EventsPerSecond) FirstLimit()
    {
        var first = ("environments", EventsPerSecond / Busy * Poisson.Mean(Assumed.Concurrency, PlanAssumptions.Moments));
        if (SynchronousLimit < first.Item2)
        {
            first = ("synchronous requests, ten a second in each environment", SynchronousLimit);
        }

        foreach (var call in Calls)
        {
            if (EventsPerSecond / call.Share is { } rate && rate < first.Item2)
            {
                first = (call.Operation, rate);
            }
        }

        return first;
    }
}
