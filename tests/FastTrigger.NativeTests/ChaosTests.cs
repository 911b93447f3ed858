using System.Globalization;
using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

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

    /// <summary>The short form of build/chaos.sh: all actions, C# too, while the wires to both local servers fail.</summary>
    [Fact]
    public async Task While_the_wires_fail_each_event_is_acted_once_or_reported_C4()
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(
            ["chaos", "--wire", "--events", "144", "--deliveries", "432", "--bootstrap", Artifacts.Handlers, "--handler", "raw"]);
        var match = WireLine().Match(output);
        Assert.True(exitCode == 0 && match.Success, output + error);
        Assert.True(int.Parse(match.Groups[1].Value, provider: null) >= 576, output);
        // Each kind of fault happened, so nothing was spared by chance.
        foreach (var fault in (ReadOnlySpan<string>)["reset", "half-close", "delay", "corrupt", "truncate", "duplicate"])
        {
            Assert.DoesNotContain($"| {fault} | 0 | 0 |", output, StringComparison.Ordinal);
        }
    }

    /// <summary>Without servers that run commands every event would look as if it was lost.</summary>
    [Theory]
    [InlineData("chaos")]
    [InlineData("chaos --wire")]
    public async Task Where_nothing_can_be_isolated_chaos_says_so_and_starts_nothing(string command)
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(command.Split(' '), ("PATH", "/"));
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("nothing can be isolated here: bwrap is not installed (the package bubblewrap)", error, StringComparison.Ordinal);
    }

    /// <summary>Shows that the test before it can fail.</summary>
    [Fact]
    public async Task Without_acting_once_failing_wires_do_things_twice()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(
            ["chaos", "--wire", "--events", "16", "--deliveries", "64", "--unguarded"]);
        Assert.True(exitCode == 1 && Regex.IsMatch(output, " twice [1-9]"), output);
    }

    /// <summary>Shows that the first test can fail.</summary>
    [Fact]
    public async Task Without_acting_once_the_same_storm_does_things_twice()
    {
        var (exitCode, output, _) = await Artifacts.RunToolAsync(["chaos", "--events", "5", "--deliveries", "40", "--unguarded"]);
        Assert.True(exitCode == 1 && Read(output).Twice > 0, output);
    }

    /// <summary>The holder of an entry is killed while it waits for its command. Lambda's first retry must find the entry free.</summary>
    [Fact]
    public async Task A_crash_costs_one_retry_and_leaves_no_dead_letter_C4_3()
    {
        const string Routes = """
            {"routes":[{"name":"r","when":{"source":["x"]},"do":[{"run-command":{
              "targets":{"tag:Role":["pump"]},"document":"Plant-Valve","once":{"per":"event"},"wait":true}}]}]}
            """;
        var pump = new WorldInstance { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } };
        var world = new WorldFile
        {
            Instances = [pump],
            Documents = [new() { Name = "Plant-Valve", Script = "sleep 3; echo opened >> valve.log" }],
            Tables = ["once"],
        };
        var table = ("FASTTRIGGER_ONCE_TABLE", "once");
        await using var native = await NativeFunction.StartAsync(Routes, world, seconds: 900, variables: table);
        await using var function = new LocalFunction(native.Settings);
        var invoker = new AsynchronousInvoker(function, native.World, new TableTime(native.World)) { DeadLetterQueue = "letters" };
        var invoking = invoker.InvokeAsync("""{"id":"1","source":"x","detail-type":"y","detail":{}}"""u8.ToArray());
        Assert.True(await Task.Run(() => SpinWait.SpinUntil(() => native.World.Commands.Count == 1, TimeSpan.FromSeconds(30))));
        Assert.Single(function.Environments).Kill();
        var result = await invoking;
        Assert.Equal(2, result.Outcomes.Count);
        Assert.Null(result.Outcomes[1].ErrorType);
        Assert.Null(result.Record);
        Assert.Empty(native.World.Queues);
        Assert.Single(native.World.Commands);
        var log = Path.Combine(Assert.Single(native.World.Instances.Values).Directory, "valve.log");
        Assert.Equal(["opened"], await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken));
    }

    /// <summary>A clock whose delays end at once, and let their time pass for the entries of the act-once table.</summary>
    private sealed class TableTime(LocalWorld world) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            foreach (var until in world.Tables["once"].Values.Select(item => item["in_progress_expiration"]).OfType<JsonObject>())
            {
                var time = long.Parse(until["N"]!.GetValue<string>(), CultureInfo.InvariantCulture);
                until["N"] = (time - (long)dueTime.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            }

            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private static (int Acted, int Unknown, int Twice, int Lost) Read(string output)
    {
        var match = Line().Match(output);
        Assert.True(match.Success, output);
        return (Number(1), Number(2), Number(3), Number(4));

        int Number(int group) => int.Parse(match.Groups[group].Value, provider: null);
    }

    [GeneratedRegex(
        @"^events 144 invocations (\d+) acted \d+ unknown \d+ failed 0 twice 0 lost 0 false 0 late 0\n\z",
        RegexOptions.Multiline)]
    private static partial Regex WireLine();

    [GeneratedRegex(@"^events \d+ deliveries \d+ acted (\d+) unknown (\d+) failed \d+ twice (\d+) lost (\d+)\n\z", RegexOptions.Multiline)]
    private static partial Regex Line();
}
