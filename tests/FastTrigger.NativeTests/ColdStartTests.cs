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
        string[] storm = ["--storm", "30", "--duration", "2", "--arrivals", "burst", "--concurrency", "3", "--pools", "none"];
        var (document, _) = await RunAsync([.. TagLaunch, .. storm]);
        var run = Assert.Single(document.List("runs"));
        Assert.Equal(60, run!["events"]!.GetValue<int>());
        // A burst of sixty finds at most three environments. Lambda tries again with the others, until each is done.
        Assert.InRange(run["throttledAtLimit"]!.GetValue<int>(), 1, int.MaxValue);
        Assert.Equal(3, run["environments"]!.GetValue<int>());
        Assert.Equal(3, run["cold"]!.GetValue<int>());
        Assert.Equal(0, run["lost"]!.GetValue<int>());
        Assert.Equal("ec2:CreateTags", run["awsCalls"]![0]!["operation"]!.GetValue<string>());
        Assert.Equal(60, run["awsCalls"]![0]!["calls"]!.GetValue<int>());
        Assert.StartsWith("Half of the events were done within ", document["explanation"]!.GetValue<string>(), StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(_folder, "storm.html"), Artifacts.Token);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "storm.md")));
    }

    [Fact]
    public async Task A_scenario_runs_every_variant_and_counts_what_was_done_for_each_instance()
    {
        var scenario = Path.Combine(_folder, "scenario.json");
        await File.WriteAllTextAsync(scenario, $$"""
            {
              "event": "{{Path.Combine(Artifacts.Root, Artifacts.Demo("launch.json"))}}",
              "routes": "{{Path.Combine(Artifacts.Root, "build", "coldstart", "storm-routes.json")}}",
              "arrivals": { "kind": "constant", "perSecond": 10, "seconds": 2 },
              "instances": 5,
              "environments": [1, 3],
              "warm": true,
              "provisioned": 1,
              "quotas": [{ "operation": "ec2:CreateTags", "bucket": 5, "refillPerSecond": 20, "source": "of the test" }],
              "queue": { "batchSize": 5, "windowSeconds": 1, "pollers": 1, "morePollersPerMinute": 0 },
              "prices": { "millionRequests": 0.2, "gbSecond": 0.0000133334, "millionQueueRequests": 0.4 }
            }
            """, Artifacts.Token);
        var (exitCode, output, error) = await LabAsync("--scenario", scenario, "--json", "--out", _folder);
        Assert.True(exitCode == 0, error);
        var document = JsonNode.Parse(output)!;
        Assert.True(document["onceEach"]!.GetValue<bool>());
        Assert.Equal("No event was lost, and none was done twice.", document["verdict"]!.GetValue<string>());
        var runs = document.List("runs").ToList();
        Assert.Equal(
            [
                "on demand, at most 1",
                "on demand, at most 3",
                "warm pool of 3",
                "1 provisioned, at most 3",
                "SQS, batches of up to 5, at most 3",
            ],
            runs.Select(run => run!["name"]!.GetValue<string>()));
        Assert.All(runs, run =>
        {
            Assert.Equal((20, 0), (run!["events"]!.GetValue<int>(), run["lost"]!.GetValue<int>()));
            var effects = run.List("effects").Select(effect => (effect!["operation"]!.ToString(), effect["done"]!.GetValue<int>()));
            Assert.Equal([("CreateTags", 100), ("SendCommand", 100)], effects);
            Assert.Equal(20, run.List("samples").Count);
            Assert.NotNull(run["lastTaggedSeconds"]);
        });
        Assert.Equal(0, runs[2]!["cold"]!.GetValue<int>());
        var (single, batches) = (runs[1]!["cost"]!, runs[4]!["cost"]!);
        Assert.InRange(batches["requests"]!.GetValue<int>(), 4, single["requests"]!.GetValue<int>() - 1);
        Assert.InRange(batches["queueRequests"]!.GetValue<int>(), 28, 60);
        Assert.NotNull(batches["price"]);
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "storm.md"), Artifacts.Token);
        Assert.Contains("| 5, 20 | of the test |", text, StringComparison.Ordinal);
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
    [InlineData("--storm 1 --concurrency 0", "--concurrency takes 1 to 10000")]
    [InlineData("--storm 1 --concurrency 1,x", "not '1,x'")]
    [InlineData("--storm 1 --pools cold", "--pools takes warm,provisioned or none, not 'cold'")]
    [InlineData("--storm 1 --concurrency 2 --provisioned 3", "--provisioned takes 1 to 2")]
    [InlineData("--scenario nowhere.json", "there is no file nowhere.json")]
    [InlineData("--scenario build/coldstart/tag-routes.json", "tag-routes.json:2:13: 'routes' takes a text, not an array")]
    [InlineData("--scenario build/coldstart/storm-launches.json --idle 2", "leave out --idle")]
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
