namespace FastTrigger.Cli.Planning;

/// <summary>How many of what comes at random there are at the same time.</summary>
internal static class Poisson
{
    /// <summary>Above it, an approximation is as good, and the terms of the sum would be too small for a number.</summary>
    private const double LargeMean = 500;

    /// <summary>The number that is not exceeded with a probability.</summary>
    /// <param name="mean">0 or more.</param>
    /// <param name="probability">From 0.5 to below 1.</param>
    public static int Quantile(double mean, double probability)
    {
        if (mean > LargeMean)
        {
            var z = NormalQuantile(probability);
            // The last term is for the skewness, by Cornish and Fisher.
            return (int)Math.Ceiling(mean + (z * Math.Sqrt(mean)) + (((z * z) - 1) / 6));
        }

        var (count, term) = (0, Math.Exp(-mean));
        for (var sum = term; sum < probability; sum += term)
        {
            term *= mean / ++count;
        }

        return count;
    }

    /// <summary>The largest mean of which a number is not exceeded with a probability.</summary>
    /// <param name="quantile">1 or more.</param>
    public static double Mean(int quantile, double probability)
    {
        const int Halvings = 60;
        var (low, high) = (0.0, (double)quantile);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Quantile(middle, probability) <= quantile ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Formula 26.2.23 of Abramowitz and Stegun, exact to 0.00045.</summary>
    private static double NormalQuantile(double probability)
    {
        var t = Math.Sqrt(-2 * Math.Log(1 - probability));
        return t - ((2.515517 + (t * (0.802853 + (t * 0.010328))))
            / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
    }
}
