using System.Text.Json;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// What an experiment may come to: ratios to a reference in the same experiment, and memory. Times are shared with whoever else uses the
/// machine, so a ratio is over its budget only when its whole interval is.
/// </summary>
/// <param name="Reference">The candidate that times are divided by.</param>
internal sealed record Budget(string Reference, double? ExecToResponse, double? Warm, long? PeakKib)
{
    /// <summary>Reads {"ratios": {NAME: {"reference", "execToResponse", "warm", "peakKib"}}}.</summary>
    public static Budget Read(string file, string name)
    {
        try
        {
            var budget = JsonNode.Parse(File.ReadAllBytes(file))?["ratios"]?[name] ?? throw new LabException($"{file} has no budget named {name}");
            return new(
                budget["reference"]?.GetValue<string>() ?? throw new LabException($"{file}: the budget {name} names no reference"),
                budget["execToResponse"]?.GetValue<double>(),
                budget["warm"]?.GetValue<double>(),
                budget["peakKib"]?.GetValue<long>());
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException)
        {
            throw new LabException($"{file}: {e.Message}");
        }
    }

    /// <summary>A line for each budget, and whether it is kept.</summary>
    public IEnumerable<(string Line, bool Kept)> Check(IReadOnlyList<LabSeries> all)
    {
        var own = Find(all, ColdStartNames.FastTrigger);
        var reference = Find(all, Reference);
        if (ExecToResponse is { } most)
        {
            yield return Check(LabReport.ExecToResponse, most, LabReport.RatioOfTotals(own, reference));
        }

        if (Warm is { } mostWarm)
        {
            yield return Check("warm invocation", mostWarm, Statistics.RatioOfMedians(LabReport.WarmMedians(own), LabReport.WarmMedians(reference)));
        }

        if (PeakKib is { } kib)
        {
            var peak = own.Values(static sample => sample.PeakKib).Max();
            yield return ($"peak memory {peak:0} KiB, budget {kib} KiB", peak <= kib);
        }
    }

    private static LabSeries Find(IReadOnlyList<LabSeries> all, string name) =>
        all.FirstOrDefault(series => series.Candidate.Name == name && series.Condition.Megabytes is null) ?? throw new LabException($"the budget needs a candidate named '{name}'");

    private (string Line, bool Kept) Check(string what, double most, Estimate ratio) =>
        ($"{what} {LabReport.Number(ratio)} x {Reference}, budget {LabReport.Number(most)}", double.IsNaN(ratio.Low) ? false : ratio.Low <= most);
}
