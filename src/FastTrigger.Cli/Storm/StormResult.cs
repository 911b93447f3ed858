using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>The parts of a time in milliseconds.</summary>
internal readonly record struct StormParts(double Whole, double Waiting, double Start, double Work, double Retrying);

/// <summary>What one run of a storm measured.</summary>
/// <param name="Events">All events by their number.</param>
/// <param name="Duration">The time until the last event was settled.</param>
internal sealed record StormResult(StormVariant Variant, IReadOnlyList<StormEvent> Events, TimeSpan Duration)
{
    /// <summary>The events about the median whose parts are averaged: a fifth of all.</summary>
    private const double Middle = 0.2;

    public required IReadOnlyList<CallCount> Calls { get; init; }

    public required StormEffects Effects { get; init; }

    /// <summary>The number of environments that were started.</summary>
    public required int Environments { get; init; }

    /// <summary>The largest number of environments that were busy at the same time.</summary>
    public required int MaxBusy { get; init; }

    public required int ThrottledAtLimit { get; init; }

    public required int ThrottledByScaling { get; init; }

    public required StormCost Cost { get; init; }

    public int Cold => Events.Count(static settled => settled.IsCold);

    /// <summary>The events that were given up.</summary>
    public int Lost => Events.Count(static settled => settled.Error is not null);

    /// <summary>The invocations that failed.</summary>
    public int Failures => Events.Sum(static settled => settled.Failures);

    public int ThrottledCalls => Calls.Sum(static call => call.Throttled);

    /// <summary>Whether every event was done once.</summary>
    public bool IsWhole => Lost == 0 && Effects.IsWhole;

    /// <summary>A part of each event that was done, in milliseconds.</summary>
    public List<double> Milliseconds(Func<StormEvent, TimeSpan> part) =>
        [.. Events.Where(static settled => settled.Error is null).Select(settled => part(settled).TotalMilliseconds)];

    /// <summary>
    /// The median time, divided as that of the events about it. Their parts are averaged, because no event's own parts are typical.
    /// </summary>
    public StormParts MedianParts()
    {
        var done = Events.Where(static settled => settled.Error is null).OrderBy(static settled => settled.Whole).ToList();
        if (done.Count == 0)
        {
            return default;
        }

        var count = Math.Max(1, (int)(done.Count * Middle));
        var middle = done.GetRange((done.Count - count) / 2, count);
        var median = Statistics.Median(done.Select(static settled => settled.Whole.TotalMilliseconds));
        var sum = middle.Sum(static settled => (settled.Waiting + settled.Start + settled.Work + settled.Retrying).TotalMilliseconds);
        return new(
            median,
            Share(static settled => settled.Waiting),
            Share(static settled => settled.Start),
            Share(static settled => settled.Work),
            Share(static settled => settled.Retrying));

        double Share(Func<StormEvent, TimeSpan> part) =>
            sum == 0 ? 0 : median * middle.Sum(settled => part(settled).TotalMilliseconds) / sum;
    }
}
