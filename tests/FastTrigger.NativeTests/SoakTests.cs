namespace FastTrigger.NativeTests;

/// <summary>The short form of build/soak.sh.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task An_environment_stays_what_it_is_and_every_environment_starts()
    {
        const string Command = "soak build/demo/launch.json --routes build/coldstart/tag-routes.json --invocations 20000 --starts 100";
        var result = await Artifacts.RunToolAsync(Command.Split(' '));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("| starts | 100 of 100 succeeded |", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_start_is_a_failure()
    {
        var result = await Artifacts.RunToolAsync(["soak", "--routes", "build/demo/routes.json", "--bootstrap", "/bin/false"]);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("the environment failed: the function ended before it sent GET next", result.Output, StringComparison.Ordinal);
    }
}
