namespace FastTrigger.Tests.Fuzzing;

/// <summary>
/// Each test runs fixed seeds and one new seed, which a failure names. FASTTRIGGER_FUZZ_ROUNDS makes the new one as long as wanted.
/// </summary>
internal static class FuzzSeeds
{
    private const int ShortRounds = 400;

    /// <summary>Seeds, each with its number of inputs.</summary>
    public static TheoryData<int, int> All
    {
        get
        {
            var rounds = Environment.GetEnvironmentVariable("FASTTRIGGER_FUZZ_ROUNDS") is { } text
                ? int.Parse(text, provider: null)
                : ShortRounds;
            return new() { { 1, ShortRounds }, { 2, ShortRounds }, { 3, ShortRounds }, { Random.Shared.Next(100, int.MaxValue), rounds } };
        }
    }
}
