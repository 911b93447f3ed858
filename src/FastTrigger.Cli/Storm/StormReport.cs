using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Storm;

/// <summary>What a storm came to, as JSON, Markdown and a page.</summary>
internal sealed class StormReport(StormPlan plan, StormRun run, IReadOnlyList<CallQuota> quotas, int environments, MachineDescription machine, string eventName, string commandLine)
{
    private readonly List<StormArrival> _all = [.. run.Arrivals.OrderBy(static arrival => arrival.At)];

    public int Total => _all.Count;

    public int Throttled => _all.Count(static arrival => arrival.Throttled);

    public int Failed => _all.Count(static arrival => arrival.Error is not null && !arrival.Throttled);

    public int Cold => _all.Count(static arrival => arrival.Init is not null);

    private IEnumerable<(string Name, List<double> Milliseconds)> Latencies =>
    [
        ("all", Milliseconds(static _ => true)),
        ("cold", Milliseconds(static arrival => arrival.Init is not null)),
        ("warm", Milliseconds(static arrival => arrival.Init is null)),
        ("INIT alone", [.. _all.Where(static arrival => arrival.Init is not null).Select(static arrival => arrival.Init!.Value.TotalMilliseconds)]),
    ];

    public JsonObject ToJson() => new()
    {
        ["schema"] = 1,
        ["at"] = machine.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["command"] = commandLine,
        ["machine"] = machine.ToJson(),
        ["commit"] = machine.Commit,
        ["event"] = eventName,
        ["rate"] = plan.Rate,
        ["seconds"] = plan.Duration.TotalSeconds,
        ["arrivals"] = plan.Arrivals.ToString().ToLowerInvariant(),
        ["concurrency"] = plan.Concurrency,
        ["events"] = Total,
        ["cold"] = Cold,
        ["throttled"] = Throttled,
        ["failed"] = Failed,
        ["environments"] = environments,
        ["mostBusy"] = run.MostBusy,
        ["latencyMs"] = new JsonObject(Latencies.Select(static entry => KeyValuePair.Create(entry.Name, (JsonNode?)new JsonObject
        {
            ["p50"] = Rounded(entry.Milliseconds, 0.5),
            ["p95"] = Rounded(entry.Milliseconds, 0.95),
            ["p99"] = Rounded(entry.Milliseconds, 0.99),
            ["max"] = Rounded(entry.Milliseconds, 1),
        }))),
        ["awsCalls"] = new JsonArray([.. quotas.Select(static quota => (JsonNode)new JsonObject
        {
            ["operation"] = quota.Operation,
            ["calls"] = quota.Calls,
            ["peakPerSecond"] = quota.PeakPerSecond,
            ["meanPerSecond"] = Math.Round(quota.MeanPerSecond, 2),
            ["bucket"] = quota.Size,
            ["refillPerSecond"] = quota.Refill,
            ["wouldBeThrottled"] = quota.Size is null ? null : quota.Refused,
        })]),
        ["samples"] = new JsonArray([.. _all.Select(static arrival => (JsonNode)new JsonArray(Math.Round(arrival.At.TotalSeconds, 4), Math.Round(arrival.Latency.TotalMilliseconds, 3), arrival.Init is { } init ? Math.Round(init.TotalMilliseconds, 3) : null, arrival.Error))]),
    };

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Storm: {eventName}\n\n{machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.System}, Linux {machine.Kernel}; commit {machine.Commit}; {machine.At:yyyy-MM-dd}.\n\n    {commandLine}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Total} events in {plan.Duration.TotalSeconds:0} s ({plan.Rate:0.##} a second, {Arrivals()}), at most {plan.Concurrency} environments. {Cold} cold ({Share(Cold)}), {Throttled} throttled ({Share(Throttled)}), {Failed} failed; {environments} environments were started, {run.MostBusy} were busy at a time.\n\n");
        text.Append("| ms from the event's coming to its answer | p50 | p95 | p99 | longest |\n|---|--:|--:|--:|--:|\n");
        foreach (var (name, values) in Latencies)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} ({values.Count}) | {At(values, 0.5)} | {At(values, 0.95)} | {At(values, 0.99)} | {At(values, 1)} |\n");
        }

        text.Append("\n| AWS calls | in all | mean a second | busiest second | quota: bucket, refill a second | would have been throttled |\n|---|--:|--:|--:|--:|--:|\n");
        foreach (var quota in quotas)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {quota.Operation} | {quota.Calls} | {quota.MeanPerSecond:0.0} | {quota.PeakPerSecond:0} | {Bucket(quota)} | {(quota.Size is null ? "" : quota.Refused)} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nQuotas are those of EC2's categories, for one account and region; Service Quotas shows yours. The local AWS throttles nobody: the last column plays the calls against the buckets. Processes, servers and this measurement share {machine.Cores} cores.\n").ToString();
    }

    public string ToHtml()
    {
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<h1>Storm: {HtmlPage.Encode(eventName)}</h1><div class=\"dim\">{HtmlPage.Encode(machine.Processor)}, {machine.Cores} cores, {machine.Architecture} · {HtmlPage.Encode(machine.System)}, Linux {HtmlPage.Encode(machine.Kernel)} · commit {HtmlPage.Encode(machine.Commit)} · {machine.At:yyyy-MM-dd HH:mm} UTC<br>{plan.Rate:0.##} events a second ({Arrivals()}) for {plan.Duration.TotalSeconds:0} s, at most {plan.Concurrency} environments</div><div class=\"cards\">");
        body.Append(HtmlPage.Card(Total.ToString("N0", CultureInfo.InvariantCulture), "events")).Append(HtmlPage.Card(Share(Cold), $"cold: {Cold} of them")).Append(HtmlPage.Card(Throttled.ToString("N0", CultureInfo.InvariantCulture), "throttled"))
            .Append(HtmlPage.Card(Failed.ToString("N0", CultureInfo.InvariantCulture), "failed")).Append(HtmlPage.Card(environments.ToString(CultureInfo.InvariantCulture), $"environments started, {run.MostBusy} busy at a time")).Append(HtmlPage.Card($"{At(Milliseconds(static _ => true), 0.99)} ms", "p99 latency")).Append("</div>");
        body.Append("<section><h2>Latency</h2>").Append(Ladder()).Append("<div class=\"scroll\">").Append(LatencyTable()).Append("</div></section>");
        body.Append("<section><h2>Second by second</h2>")
            .Append(Lines("events and cold starts a second", plan.Duration.TotalSeconds, ("events", 1, PerSecond(static _ => true)), ("cold", 2, PerSecond(static arrival => arrival.Init is not null)), ("throttled", 4, PerSecond(static arrival => arrival.Throttled))))
            .Append(Lines("latency, ms", plan.Duration.TotalSeconds, ("p50", 1, LatencyPerSecond(0.5)), ("p99", 2, LatencyPerSecond(0.99)))).Append("</section>");
        body.Append("<section><h2>Calls to AWS against its quotas</h2><div class=\"scroll\"><table><tr><th></th><th>in all</th><th>mean a second</th><th>busiest second</th><th>bucket, refill</th><th>would be throttled</th></tr>");
        foreach (var quota in quotas)
        {
            body.Append(CultureInfo.InvariantCulture, $"<tr><td>{HtmlPage.Encode(quota.Operation)}</td><td>{quota.Calls}</td><td>{quota.MeanPerSecond:0.0}</td><td>{quota.PeakPerSecond:0}</td><td>{Bucket(quota)}</td><td class=\"{(quota.Refused > 0 ? "bad" : "")}\">{(quota.Size is null ? "" : quota.Refused)}</td></tr>");
        }

        body.Append("</table></div><p class=\"dim\">Quotas are those of EC2's categories, for one account and region; Service Quotas shows yours, and Systems Manager publishes none. The local AWS throttles nobody: the last column plays the calls against the buckets.</p></section>");
        body.Append(CultureInfo.InvariantCulture, $"<section><h2>How to repeat it</h2><p class=\"dim\">Processes, local servers and this measurement share {machine.Cores} cores, so the figures say how the function behaves under load, not how fast Lambda is.</p><pre>{HtmlPage.Encode(commandLine)}</pre></section>");
        return HtmlPage.Wrap("Storm report", body.ToString());
    }

    private static string Bucket(CallQuota quota) => quota.Size is { } size ? $"{size}, {quota.Refill}" : "not published";

    private static string At(List<double> values, double fraction) => LabReport.Number(Statistics.Percentile(values, fraction), 1);

    private static double? Rounded(List<double> values, double fraction) => values.Count == 0 ? null : Math.Round(Statistics.Percentile(values, fraction), 3);

    private string Arrivals() => plan.Arrivals switch
    {
        ArrivalKind.Burst => "in bursts, five seconds' worth at once",
        ArrivalKind.Ramp => "a ramp up to that",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private string Share(int count) => Total == 0 ? "0 %" : ((double)count / Total).ToString("0.0 %", CultureInfo.InvariantCulture);

    private List<double> Milliseconds(Func<StormArrival, bool> which) => [.. _all.Where(arrival => arrival.Error is null && which(arrival)).Select(static arrival => arrival.Latency.TotalMilliseconds)];

    private double[] PerSecond(Func<StormArrival, bool> which)
    {
        var counts = new double[(int)Math.Ceiling(plan.Duration.TotalSeconds)];
        foreach (var arrival in _all.Where(which))
        {
            counts[Math.Min((int)arrival.At.TotalSeconds, counts.Length - 1)]++;
        }

        return counts;
    }

    private double[] LatencyPerSecond(double fraction) =>
        [.. Enumerable.Range(0, (int)Math.Ceiling(plan.Duration.TotalSeconds)).Select(second => Statistics.Percentile(_all.Where(arrival => arrival.Error is null && (int)arrival.At.TotalSeconds == second).Select(static arrival => arrival.Latency.TotalMilliseconds), fraction))];

    private string Ladder()
    {
        var shown = Latencies.Where(static entry => entry.Milliseconds.Count > 0).ToList();
        var plot = new Plot(shown.SelectMany(static entry => (double[])[Statistics.Median(entry.Milliseconds), Statistics.Percentile(entry.Milliseconds, 0.99)]));
        for (var i = 0; i < shown.Count; i++)
        {
            var median = Statistics.Median(shown[i].Milliseconds);
            plot.Bar($"{shown[i].Name} ({shown[i].Milliseconds.Count})", $"{LabReport.Number(median, 1)} ms  p99 {At(shown[i].Milliseconds, 0.99)}", i, [(0, median)], median, Statistics.Percentile(shown[i].Milliseconds, 0.99));
        }

        return plot.ToSvg("Latency", "ms; bar: median, line: to p99");
    }

    private string LatencyTable()
    {
        var text = new StringBuilder("<table><tr><th></th><th>p50</th><th>p95</th><th>p99</th><th>longest</th></tr>");
        foreach (var (name, values) in Latencies)
        {
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{name} ({values.Count})</td><td>{At(values, 0.5)}</td><td>{At(values, 0.95)}</td><td>{At(values, 0.99)}</td><td>{At(values, 1)}</td></tr>");
        }

        return text.Append("</table>").ToString();
    }

    /// <summary>Lines over time: the lines stretch with the page, the letters do not.</summary>
    private static string Lines(string title, double seconds, params (string Name, int Color, double[] Values)[] lines)
    {
        const int Width = 1000, Height = 120;
        var most = lines.SelectMany(static line => line.Values).Where(static value => !double.IsNaN(value)).DefaultIfEmpty(1).Max();
        most = most <= 0 ? 1 : most * 1.05;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<p class=\"dim\">{HtmlPage.Encode(title)} (top: {LabReport.Number(most, 1)}): ");
        foreach (var (name, color, _) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"<svg width=\"12\" height=\"10\" style=\"display:inline\"><rect width=\"10\" height=\"10\" class=\"c{color}\"/></svg> {name} &nbsp; ");
        }

        text.Append(CultureInfo.InvariantCulture, $"</p><svg role=\"img\" aria-label=\"{HtmlPage.Encode(title)}\" width=\"100%\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\"><line x1=\"0\" x2=\"{Width}\" y1=\"{Height - 1}\" y2=\"{Height - 1}\" class=\"grid\" vector-effect=\"non-scaling-stroke\"/>");
        foreach (var (_, color, values) in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\" class=\"l{color}\" points=\"");
            for (var i = 0; i < values.Length; i++)
            {
                if (!double.IsNaN(values[i]))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{(double)i / Math.Max(1, values.Length - 1) * Width:0.#},{(1 - (values[i] / most)) * (Height - 2):0.#} ");
                }
            }

            text.Append("\"/>");
        }

        return text.Append(CultureInfo.InvariantCulture, $"</svg><div class=\"ends tick\"><span>0 s</span><span>{seconds} s</span></div>").ToString();
    }
}
