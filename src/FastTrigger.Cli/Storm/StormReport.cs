using System.Globalization;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>The results of a storm, with the figures that every output format shows.</summary>
internal sealed class StormReport(
    StormPlan plan,
    StormRun run,
    IReadOnlyList<CallQuota> quotas,
    int environments,
    MachineDescription machine,
    string eventName,
    string commandLine)
{
    public StormPlan Plan => plan;

    public MachineDescription Machine => machine;

    public string EventName => eventName;

    public string CommandLine => commandLine;

    public IReadOnlyList<CallQuota> Quotas => quotas;

    /// <summary>All events in the order of their times.</summary>
    public IReadOnlyList<StormArrival> Arrivals { get; } = [.. run.Arrivals.OrderBy(static arrival => arrival.At)];

    public int Total => Arrivals.Count;

    public int Throttled => Arrivals.Count(static arrival => arrival.Throttled);

    public int Failed => Arrivals.Count(static arrival => arrival.Error is not null && !arrival.Throttled);

    public int Cold => Arrivals.Count(static arrival => arrival.Init is not null);

    /// <summary>The number of environments that were started.</summary>
    public int Environments => environments;

    /// <summary>The largest number of environments that were busy at the same time.</summary>
    public int MaxBusy => run.MaxBusy;

    /// <summary>The arrivals as text.</summary>
    public string ArrivalText => plan.Arrivals switch
    {
        ArrivalKind.Burst => "in bursts, five seconds' worth at once",
        ArrivalKind.Ramp => "a ramp up to that",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    public IEnumerable<(string Name, List<double> Milliseconds)> Latencies =>
    [
        ("all", Milliseconds(static _ => true)),
        ("cold", Milliseconds(static arrival => arrival.Init is not null)),
        ("warm", Milliseconds(static arrival => arrival.Init is null)),
        ("INIT alone", InitMilliseconds()),
    ];

    /// <summary>The latencies of the answered events that match, in milliseconds.</summary>
    public List<double> Milliseconds(Func<StormArrival, bool> matches) =>
    [
        .. Arrivals
            .Where(arrival => arrival.Error is null && matches(arrival))
            .Select(static arrival => arrival.Latency.TotalMilliseconds),
    ];

    private List<double> InitMilliseconds() =>
        [.. Arrivals.Select(static arrival => arrival.Init).OfType<TimeSpan>().Select(static init => init.TotalMilliseconds)];

    public string Share(int count) => Total == 0 ? "0 %" : ((double)count / Total).ToString("0.0 %", CultureInfo.InvariantCulture);

    public static string Bucket(CallQuota quota) => quota.Size is { } size ? $"{size}, {quota.Refill}" : "not published";

    public static string Percentile(List<double> values, double fraction) =>
        LabReport.Number(Statistics.Percentile(values, fraction), 1);
}
