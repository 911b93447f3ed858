namespace FastTrigger.Cli.ColdStart;

/// <summary>A value with its 95 % bootstrap interval.</summary>
internal readonly record struct Estimate(double Value, double Low, double High);

/// <summary>Order statistics and their bootstrap intervals. The resampling is seeded, so the same samples give the same result.</summary>
internal static class Statistics
{
    private const int Resamples = 2_000, Seed = 20_240_229;

    /// <summary>A percentile by linear interpolation between the two nearest values; NaN without values.</summary>
    public static double Percentile(IEnumerable<double> values, double fraction)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var at = fraction * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    public static double Median(IEnumerable<double> values) => Percentile(values, 0.5);

    public static Estimate MedianWithInterval(IReadOnlyList<double> values) =>
        Bootstrap(values.Count, indexes => Median(indexes.Select(i => values[i])));

    /// <summary>The ratio of two medians. The resampling draws whole rounds, so a disturbance of a round affects both sides.</summary>
    public static Estimate RatioOfMedians(IReadOnlyList<double> values, IReadOnlyList<double> reference)
    {
        var rounds = Math.Min(values.Count, reference.Count);
        return Bootstrap(rounds, indexes => Median(indexes.Select(i => values[i])) / Median(indexes.Select(i => reference[i])));
    }

    /// <summary>Whether a ratio is a difference. It is none while its interval contains 1.</summary>
    public static string Verdict(Estimate ratio) =>
        double.IsNaN(ratio.Value) ? "no data" : ratio.High < 1 ? "faster" : ratio.Low > 1 ? "slower" : "no difference seen";

    private static Estimate Bootstrap(int count, Func<int[], double> statistic)
    {
        if (count == 0)
        {
            return new(double.NaN, double.NaN, double.NaN);
        }

        var random = new Random(Seed);
        var indexes = Enumerable.Range(0, count).ToArray();
        var value = statistic(indexes);
        var resampled = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < count; j++)
            {
                indexes[j] = random.Next(count);
            }

            resampled[i] = statistic(indexes);
        }

        return new(value, Percentile(resampled, 0.025), Percentile(resampled, 0.975));
    }
}
