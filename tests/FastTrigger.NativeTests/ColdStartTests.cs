using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.NativeTests;

/// <summary>The command coldstart with the published programs.</summary>
public sealed class ColdStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-lab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_experiment_writes_a_page_a_text_and_every_sample()
    {
        var minimal = Artifacts.Existing("artifacts/test-functions/minimal/FastTrigger.MinimalLoop");
        var (document, _) = await RunAsync(
        [
            .. TagLaunch,
            .. (string[])["--count", "3", "--warm", "12", "--memory", "none", "--evict"],
            .. (string[])["--program", "true=true {url} {ca}", "--compare", $"minimal={minimal}"],
        ]);
        var results = document["results"]!.AsArray().ToDictionary(result => result!["candidate"]!.GetValue<string>(), result => result!);
        Assert.Equal(["floor (static C)", "FastTrigger", "minimal", "true"], results.Keys);
        Assert.All(results.Values, result => Assert.Equal(3, result["execToResponseMs"]!.AsArray().Count));
        var own = results["FastTrigger"];
        var next = own.List("execToNextMs").Select(time => time!.GetValue<double>());
        var response = own.List("nextToResponseMs").Select(time => time!.GetValue<double>());
        var total = own.List("execToResponseMs").Select(time => time!.GetValue<double>());
        Assert.All(next.Zip(response, total), times => Assert.Equal(times.Third, times.First + times.Second, 2));
        Assert.All(own["peakKib"]!.AsArray(), peak => Assert.InRange(peak!.GetValue<double>(), 1_000, 20_000));
        Assert.All(own["minorFaults"]!.AsArray(), faults => Assert.InRange(faults!.GetValue<double>(), 50, 5_000));
        Assert.Equal(3, own["warmUs"]!.AsArray().Count);
        Assert.NotNull(document["endpointUs"]);
        Assert.Null(results["true"]["peakKib"]);

        var page = await File.ReadAllTextAsync(Path.Combine(_folder, "report.html"), Artifacts.Token);
        // The page is one file without references to others.
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("data-label=\"p95 exec → response\"", page, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "report.md"), Artifacts.Token);
        Assert.Contains("| FastTrigger | ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_memory_size_is_simulated_or_the_reason_is_reported(string boost)
    {
        string[] limits = ["--memory", "128", "--spent-slice", "--init-boost", boost];
        var (exitCode, output, error) = await LabAsync(
            [.. Artifacts.DemoRoutes, "--event", "build/demo/tank-normal.json", "--count", "1", .. limits, "--json", "--out", _folder]);
        if (exitCode == 2)
        {
            Assert.Contains("memory sizes cannot be simulated here", error, StringComparison.Ordinal);
            return;
        }

        Assert.True(exitCode == 0, error);
        var document = JsonNode.Parse(output)!;
        Assert.StartsWith("cgroup v", document["limits"]!.GetValue<string>(), StringComparison.Ordinal);
        var own = document.List("results")
            .Where(result => result.Text("candidate") == "FastTrigger")
            .Select(result => result.Text("condition"));
        var limited = boost == "on" ? "128 MB" : "128 MB, INIT limited too";
        Assert.Equal(["no limit", limited, limited + ", slice spent"], own);
    }

    [Fact]
    public async Task A_storm_is_counted_second_by_second_and_against_quotas()
    {
        string[] storm = ["--storm", "30", "--duration", "2", "--arrivals", "burst", "--concurrency", "3"];
        var (document, _) = await RunAsync([.. TagLaunch, .. storm]);
        Assert.Equal(60, document["events"]!.GetValue<int>());
        // A burst of sixty finds at most three environments, and few of the sixty find one that is free again.
        var answered = 60 - document["throttled"]!.GetValue<int>();
        Assert.InRange(answered, 3, 59);
        Assert.Equal(3, document["environments"]!.GetValue<int>());
        Assert.Equal(3, document["cold"]!.GetValue<int>());
        Assert.Equal(0, document["failed"]!.GetValue<int>());
        Assert.Equal("ec2:CreateTags", document["awsCalls"]![0]!["operation"]!.GetValue<string>());
        Assert.Equal(answered, document["awsCalls"]![0]!["calls"]!.GetValue<int>());
        var page = await File.ReadAllTextAsync(Path.Combine(_folder, "storm.html"), Artifacts.Token);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "storm.md")));
    }

    [Theory]
    [InlineData("--event nowhere.json", "there is no file nowhere.json")]
    [InlineData("--memory 64", "--memory takes sizes from 128 to 10240 MB")]
    [InlineData("--memory none --compare node", "--compare takes NAME=COMMAND")]
    [InlineData("--memory none --compare x=no-such-program", "there is no program no-such-program")]
    [InlineData("--memory none --count 1 --program false=false", "false ended with 1")]
    [InlineData("--memory none --count 1 --compare true=true", "true (no limit): the function ended before it sent GET next")]
    [InlineData("--memory none --count 1 --budgets build/budgets.json", "--budgets needs --budget")]
    [InlineData("--storm 0", "--storm takes 1 to 10000")]
    public async Task A_usage_error_is_reported_with_exit_code_2(string arguments, string expected)
    {
        string[] launch = arguments.Contains("--event", StringComparison.Ordinal) ? [] : ["--event", Artifacts.Demo("launch.json")];
        var (exitCode, _, error) = await LabAsync([.. arguments.Split(' '), .. launch, .. Artifacts.DemoRoutes, "--out", _folder]);
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_is_reused_replaced_when_idle_and_throttled_at_the_limit()
    {
        var settings = new FunctionSettings { Bootstrap = Artifacts.Existing("artifacts/coldstart-floor") };
        await using var function = new LocalFunction(settings) { Concurrency = 1 };
        var first = await function.InvokeAsync("{}"u8.ToArray());
        Assert.NotNull(first.Init);
        Assert.Null((await function.InvokeAsync("{}"u8.ToArray())).Init);
        var together = await Task.WhenAll(function.InvokeAsync("{}"u8.ToArray()), function.InvokeAsync("{}"u8.ToArray()));
        Assert.Equal([false, true], together.Select(outcome => outcome.IsThrottled).Order());
        Assert.Single(function.Environments);

        await using var forgetful = new LocalFunction(settings) { IdleLifetime = TimeSpan.Zero };
        Assert.NotNull((await forgetful.InvokeAsync("{}"u8.ToArray())).Init);
        Assert.NotNull((await forgetful.InvokeAsync("{}"u8.ToArray())).Init);
        Assert.Equal(2, forgetful.Environments.Count);
    }

    private static string[] TagLaunch => ["--event", Artifacts.Demo("launch.json"), "--routes", "build/coldstart/tag-routes.json"];

    private static Task<(int ExitCode, string Output, string Error)> LabAsync(params string[] arguments) =>
        Artifacts.RunToolAsync(["coldstart", .. arguments]);

    private async Task<(JsonNode Document, string Error)> RunAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await LabAsync([.. arguments, "--json", "--out", _folder]);
        Assert.True(exitCode == 0, error);
        return (JsonNode.Parse(output)!, error);
    }
}
