namespace FastTrigger.Cli.ColdStart;

/// <summary>What one environment used at a moment.</summary>
/// <param name="Invocations">The number of invocations before.</param>
internal readonly record struct SoakSample(int Invocations, long Kib, int Descriptors, int Threads);

/// <summary>What an environment used from its first event to its last.</summary>
internal sealed class SoakUsage
{
    private readonly List<SoakSample> _samples = [];

    /// <summary>The second half: what is allocated once is allocated by then.</summary>
    private IEnumerable<SoakSample> Later => _samples.Skip(_samples.Count / 2);

    /// <summary>How much memory grows in KiB with each 100,000 invocations: the slope of the line of least squares.</summary>
    public double Slope
    {
        get
        {
            var (x, y) = (Later.Average(sample => sample.Invocations), Later.Average(sample => sample.Kib));
            var spread = Later.Sum(sample => Math.Pow(sample.Invocations - x, 2));
            return spread == 0 ? 0 : Later.Sum(sample => (sample.Invocations - x) * (sample.Kib - y)) / spread * 100_000;
        }
    }

    public void Add(SoakSample sample) => _samples.Add(sample);

    /// <summary>The least and the most of something in the second half.</summary>
    public (long Least, long Most) Range(Func<SoakSample, long> of) => (Later.Min(of), Later.Max(of));

    /// <summary>Whether the second half ever had more of something than the first.</summary>
    public bool Grows(Func<SoakSample, long> of) => Later.Max(of) > _samples.Take(_samples.Count / 2).Max(of);
}
