namespace FastTrigger.NativeTests;

/// <summary>build/coldstart/peers.sh measures only functions that do what FastTrigger does.</summary>
public sealed class PeersScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-peers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_function_that_makes_the_same_call_is_measured_once_more_with_its_dry_run()
    {
        _ = Artifacts.Bootstrap;
        var (measured, missing) = await CheckAsync("tag 'Same' artifacts/bootstrap");
        Assert.Equal("--compare Same=artifacts/bootstrap", measured);
        // FastTrigger knows no argument warm-up, so it makes no dry run.
        Assert.StartsWith("Same, warmed up in INIT\tit did something else than FastTrigger: ", missing, StringComparison.Ordinal);
        Assert.Contains("\"dryRuns\":0", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_tags_nothing_is_not_measured()
    {
        _ = Artifacts.Existing("artifacts/coldstart-floor");
        var (measured, missing) = await CheckAsync("tag 'Floor' artifacts/coldstart-floor; hello 'Floor' artifacts/coldstart-floor");
        Assert.Equal("--compare Floor=artifacts/coldstart-floor", measured);
        Assert.Equal(
            "Floor\tit did something else than FastTrigger: {\"answered\":true,\"calls\":[],\"dryRuns\":0,\"error\":null}",
            missing);
    }

    [Fact]
    public async Task Functions_that_cannot_be_built_are_named_with_the_reason()
    {
        const string Build = "build_cobol() { echo 'error: no compiler' >&2; false; echo built; }";
        var (measured, missing) = await CheckAsync(Build + "; build_peers cobol");
        Assert.Empty(measured);
        Assert.Equal("cobol\tit could not be built: error: no compiler", missing);
    }

    /// <summary>The options for functions that are measured, and the last lines about those that are not.</summary>
    private async Task<(string Measured, string Missing)> CheckAsync(string commands)
    {
        var script = $$"""
            set -euo pipefail
            root=$PWD peers={{_folder}} world=() hello_routes=build/demo/routes.json tag_routes=build/coldstart/tag-routes.json
            say() { :; }
            . build/coldstart/peers/check.sh
            : >"$peers/missing.tsv"
            {{commands}}
            echo "${tag[*]}${hello[*]}"
            """;
        var (exitCode, output, error) = await Artifacts.RunAsync("bash", ["-c", script]);
        Assert.True(exitCode == 0, error);
        return (output.TrimEnd('\n'), (await File.ReadAllTextAsync(Path.Combine(_folder, "missing.tsv"), Artifacts.Token)).TrimEnd('\n'));
    }
}
