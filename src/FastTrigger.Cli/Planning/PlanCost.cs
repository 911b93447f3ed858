using System.Globalization;

namespace FastTrigger.Cli.Planning;

/// <summary>What 30 days of a plan cost, in US dollars.</summary>
/// <param name="Name">What is paid.</param>
/// <param name="Price">The price, with its unit.</param>
internal sealed record CostLine(string Name, string Price, double Dollars)
{
    private const double Million = 1_000_000, Seconds = 30 * 86_400, MegabytesOfGb = 1_024, BytesOfGb = 1_000_000_000;

    /// <summary>Of 30 days: Lambda asks an empty queue by five long polls, of 20 seconds each.</summary>
    private const double MillionIdlePolls = 5 * Seconds / 20 / Million;

    /// <summary>X-Ray's default: the first invocation of each second, and five of a hundred others.</summary>
    private const double Sampled = 0.05;

    /// <param name="alarms">How many alarms the template has.</param>
    public static IReadOnlyList<CostLine> Of(Plan plan, int alarms)
    {
        var measured = plan.Measured;
        var invocations = plan.InvocationsPerSecond * Seconds / Million;
        var events = plan.EventsPerSecond * Seconds / Million;
        var gb = plan.Assumed.Memory / MegabytesOfGb;
        var first = 1 - Math.Exp(-plan.InvocationsPerSecond);
        var traces = first + (Sampled * (plan.InvocationsPerSecond - first));
        // A metric is paid for each hour that has a value.
        var hours = 1 - Math.Exp(-plan.InvocationsPerSecond * 3_600);
        var writes = measured.Calls.Where(static call => call.Operation.StartsWith("dynamodb:", StringComparison.Ordinal))
            .Sum(static call => call.PerInvocation);
        List<CostLine> lines =
        [
            new("requests of Lambda", Text(Prices.MillionRequests, "a million"), invocations * Prices.MillionRequests),
            new("its time", Text(Prices.GbSecond, "a GB-second"), Time(Math.Ceiling(plan.DurationMs))),
            new("cold starts", "the same", Time(plan.ColdShare * plan.Assumed.InitMs)),
        ];
        Add(measured.IsBilledByBus, "EventBridge", Text(Prices.MillionEvents, "a million events"), events * Prices.MillionEvents);
        // One to send an event, and two for each batch: to receive and to delete it. An empty queue is asked all the same.
        Add(
            measured.IsFromQueue,
            "queue",
            Text(Prices.MillionQueueRequests, "a million requests"),
            (events + invocations + Math.Max(invocations, MillionIdlePolls)) * Prices.MillionQueueRequests);
        Add(writes > 0, "act-once table", Text(Prices.MillionWrites, "a million writes"), invocations * writes * Prices.MillionWrites);
        Add(true, "log", Text(Prices.LogGb, "a GB"), invocations * Million * measured.LogBytes / BytesOfGb * Prices.LogGb);
        Add(measured.Metrics > 0, $"{measured.Metrics} metrics", Text(Prices.Metric, "each"), measured.Metrics * Prices.Metric * hours);
        Add(true, "X-Ray", Text(Prices.MillionTraces, "a million traces"), traces * Seconds / Million * Prices.MillionTraces);
        Add(alarms > 0, $"{alarms} alarms of the template", Text(Prices.Alarm, "each"), alarms * Prices.Alarm);
        return lines;

        void Add(bool isPaid, string name, string price, double dollars)
        {
            if (isPaid)
            {
                lines.Add(new(name, price, dollars));
            }
        }

        double Time(double milliseconds) => invocations * Million * milliseconds / 1_000 * gb * Prices.GbSecond;
    }

    private static string Text(double price, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{price:0.00########} {unit}");
}
