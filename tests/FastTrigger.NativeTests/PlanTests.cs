namespace FastTrigger.NativeTests;

/// <summary>fasttrigger plan: what it says of an event is what the laboratory counts of a storm of them.</summary>
public sealed class PlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-plan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_laboratory_counts_the_calls_that_the_plan_says()
    {
        var (exitCode, plan) = await PlanAsync("launch.json", "--events-per-second", "12");
        Assert.Equal(1, exitCode);
        Assert.Equal("ec2:CreateTags", plan["firstLimit"]!["name"]!.ToString());
        Assert.Equal(10, plan["firstLimit"]!["eventsPerSecond"]!.GetValue<double>());
        string[] storm =
        [
            "coldstart", "--storm", "10", "--duration", "2", "--arrivals", "constant", "--pools", "none",
            "--event", Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes, "--out", _folder,
        ];
        var (stormExit, _, error) = await Artifacts.RunToolAsync(storm);
        Assert.True(stormExit == 0, error);
        var run = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "storm.json"), Artifacts.Token))!["runs"]![0]!;
        var events = run["events"]!.GetValue<int>();
        Assert.Equal(
            plan["calls"]!.AsArray().Select(call => $"{call!["operation"]} {call["perInvocation"]!.GetValue<double>() * events}"),
            run["awsCalls"]!.AsArray().Select(static call => $"{call!["operation"]} {call["calls"]}"));
        Assert.Equal(events, run["cost"]!["requests"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_records_of_a_batch_are_its_events()
    {
        var (exitCode, plan) = await PlanAsync("queue.json", "--events-per-second", "12");
        Assert.Equal(0, exitCode);
        Assert.Equal("1 unmatched", plan["outcome"]!.ToString());
        Assert.Equal(6, plan["invocationsPerSecond"]!.GetValue<double>());
        // Each delivery is of other messages, so that each one sends its command.
        Assert.Equal(["ssm:ListCommands 1", "ssm:SendCommand 1"], plan["calls"]!.AsArray().Select(static call =>
            $"{call!["operation"]} {call["perInvocation"]}"));
    }

    [Fact]
    public async Task Memory_the_time_of_a_call_and_the_limit_of_environments_are_the_users()
    {
        string[] options = ["--events-per-second", "2", "--memory", "1024", "--call-ms", "1000", "--init-ms", "50", "--concurrency", "3"];
        var (exitCode, plan) = await PlanAsync("tank-high.json", options);
        Assert.Equal(1, exitCode);
        Assert.InRange(plan["durationMs"]!.GetValue<double>(), 2_000, 3_000);
        Assert.Equal("environments", plan["firstLimit"]!["name"]!.ToString());
        Assert.InRange(plan["firstLimit"]!["eventsPerSecond"]!.GetValue<double>(), 0.01, 1);
    }

    [Fact]
    public async Task An_event_that_fails_has_no_plan()
    {
        string[] unreachable = ["--events-per-second", "1", "--env", "AWS_ENDPOINT_URL=https://127.0.0.1:9"];
        var (exitCode, output, error) = await Artifacts.RunToolAsync(
            ["plan", Artifacts.Demo("tank-high.json"), .. Artifacts.DemoRoutes, .. unreachable]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("tank-high.json fails, and a plan of failures says nothing: ", error, StringComparison.Ordinal);
        Assert.Contains("see fasttrigger run build/demo/tank-high.json --routes build/demo/routes.json", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "'--events-per-second' is required")]
    [InlineData("--events-per-second 0", "--events-per-second takes 1E-06 to 100000, not 0")]
    [InlineData("--events-per-second NaN", "--events-per-second takes 1E-06 to 100000, not NaN")]
    [InlineData("--events-per-second abc", "--events-per-second takes 1E-06 to 100000, not abc")]
    [InlineData("--events-per-second 1 --memory x", "--memory takes 128 to 10240, not x")]
    [InlineData("--events-per-second 1 --timeout x", "'x' for option '--timeout'")]
    [InlineData("--events-per-second 1 --memory 64", "--memory takes 128 to 10240, not 64")]
    [InlineData("--events-per-second 1 --call-ms 0", "--call-ms takes 1 to 900000, not 0")]
    public async Task What_cannot_be_planned_is_refused(string options, string message)
    {
        var (exitCode, _, error) = await Artifacts.RunToolAsync(
            ["plan", Artifacts.Demo("launch.json"), .. Artifacts.DemoRoutes, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, JsonNode Plan)> PlanAsync(string file, params string[] options)
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(
            ["plan", Artifacts.Demo(file), .. Artifacts.DemoRoutes, .. options, "--json"]);
        Assert.True(output.Length > 0, error);
        return (exitCode, JsonNode.Parse(output)!);
    }
}
