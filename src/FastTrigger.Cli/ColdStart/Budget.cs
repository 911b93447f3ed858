using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// The limits of an experiment: ratios to a reference in the same experiment, and peak memory. Other processes on the machine disturb
/// times, so a ratio exceeds its budget only when its whole interval does.
/// </summary>
/// <param name="Reference">The candidate whose times are the divisor.</param>
internal sealed record Budget(string Reference, double? ExecToResponse, double? Warm, long? PeakKib)
{
    /// <summary>Reads {"ratios": {NAME: {"reference", "execToResponse", "warm", "peakKib"}}}.</summary>
    public static Budget Read(string file, string name)
    {
        try
        {
            var budget = JsonNode.Parse(File.ReadAllBytes(file))?["ratios"]?[name]
                ?? throw new LabException($"{file} has no budget named {name}");
            var reference = budget["reference"]?.GetValue<string>()
                ?? throw new LabException($"{file}: the budget {name} has no reference");
            return new(
                reference,
                budget["execToResponse"]?.GetValue<double>(),
                budget["warm"]?.GetValue<double>(),
                budget["peakKib"]?.GetValue<long>());
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException)
        {
            throw new LabException($"{file}: {e.Message}");
        }
    }

    /// <summary>One line for each limit, and whether the limit holds.</summary>
    public IEnumerable<(string Line, bool Kept)> Check(IReadOnlyList<LabSeries> all)
    {
        var own = Find(all, ColdStartNames.FastTrigger);
        var reference = Find(all, Reference);
        if (ExecToResponse is { } max)
        {
            yield return Check(LabReport.ExecToResponse, max, LabReport.RatioOfTotals(own, reference));
        }

        if (Warm is { } maxWarm)
        {
            var ratio = Statistics.RatioOfMedians(LabReport.WarmMedians(own), LabReport.WarmMedians(reference));
            yield return Check("warm invocation", maxWarm, ratio);
        }

        if (PeakKib is { } kib)
        {
            var peak = own.Values(static sample => sample.PeakKib).Max();
            yield return ($"peak memory {peak:0} KiB, budget {kib} KiB", peak <= kib);
        }
    }

    private static LabSeries Find(IReadOnlyList<LabSeries> all, string name) =>
        all.FirstOrDefault(series => series.Candidate.Name == name && series.Condition.Megabytes is null)
        ?? throw new LabException($"the budget needs a candidate named '{name}'");

    private (string Line, bool Kept) Check(string metric, double max, Estimate ratio) =>
        ($"{metric} {LabReport.Number(ratio)} x {Reference}, budget {LabReport.Number(max)}", !double.IsNaN(ratio.Low) && ratio.Low <= max);
}
