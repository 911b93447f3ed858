using System.Text.RegularExpressions;

namespace FastTrigger.NativeTests;

/// <summary>Acting once in a storm (C4), counted on the servers and not from the function's report.</summary>
public sealed partial class ChaosTests
{
    [Fact]
    public async Task Of_200_deliveries_of_20_events_nothing_is_done_twice_or_lost_C4()
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["chaos", "--events", "20", "--deliveries", "200"]);
        var (acted, unknown, twice, lost) = Read(output);
        Assert.True(exitCode == 0 && twice == 0 && lost == 0 && acted + unknown == 20, output + error);
        Assert.Contains("tagged 20\n", output, StringComparison.Ordinal);
    }

    /// <summary>Shows that the first test can fail.</summary>
    [Fact]
    public async Task Without_acting_once_the_same_storm_does_things_twice()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["chaos", "--events", "5", "--deliveries", "40", "--unguarded"]);
        Assert.True(exitCode == 1 && Read(output).Twice > 0, output);
    }

    private static (int Acted, int Unknown, int Twice, int Lost) Read(string output)
    {
        var match = Line().Match(output);
        Assert.True(match.Success, output);
        return (Number(1), Number(2), Number(3), Number(4));

        int Number(int group) => int.Parse(match.Groups[group].Value, provider: null);
    }

    [GeneratedRegex(@"^events \d+ deliveries \d+ acted (\d+) unknown (\d+) twice (\d+) lost (\d+)\n\z", RegexOptions.Multiline)]
    private static partial Regex Line();
}
