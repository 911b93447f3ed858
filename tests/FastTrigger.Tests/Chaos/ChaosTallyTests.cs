using System.Text.Json.Nodes;
using FastTrigger.Cli.Chaos;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Tests.Chaos;

/// <summary>Each verdict on an event whose functions are killed can be seen.</summary>
public sealed class ChaosTallyTests : IDisposable
{
    private const string Server = "i-0aaaaaaaaaaaaaaa1";

    private readonly LocalWorld _world = new(
        new() { Instances = [new() { Id = Server, Tags = new Dictionary<string, string> { ["Role"] = "pump" } }] },
        "us-east-1",
        "123456789012");

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(1, null, "acted 1 unknown 0 failed 0 twice 0 lost 0", true)]
    [InlineData(0, "route 'called', action 'call': It may have received it", "acted 0 unknown 1 failed 0 twice 0 lost 0", true)]
    [InlineData(0, "route 'called', action 'call': connection refused", "acted 0 unknown 0 failed 1 twice 0 lost 0", false)]
    [InlineData(1, "route 'tagged', action 'tag': throttled", "acted 0 unknown 0 failed 1 twice 0 lost 0", false)]
    [InlineData(1, "no memory", "acted 0 unknown 0 failed 1 twice 0 lost 0", false)]
    [InlineData(2, null, "acted 0 unknown 0 failed 0 twice 1 lost 0", false)]
    [InlineData(0, null, "acted 0 unknown 0 failed 0 twice 0 lost 1", false)]
    [InlineData(0, "route 'tagged', action 'tag': it may have", "acted 0 unknown 0 failed 0 twice 0 lost 1", false)]
    public void An_event_is_judged_by_its_worst_effect(int calls, string? error, string verdicts, bool isGood)
    {
        Act(0, calls);
        var tally = Tally([error]);
        Assert.Equal((verdicts, isGood), (tally.Verdicts.ToString(), tally.Verdicts.IsGood));
        Assert.Equal(isGood && calls == 1, tally.Findings.Count == 0);
    }

    [Fact]
    public void A_command_that_was_interrupted_on_its_server_is_unknown()
    {
        Act(0, calls: 1);
        File.Delete(Path.Combine(_world.Instances[Server].Directory, "guarded.log"));
        Assert.Equal(1, Tally([null]).Verdicts[ChaosVerdict.Lost]);
        _world.InterruptedCommands.Add((Server, $"echo {ChaosPlan.OrderOf(0)}"));
        Assert.Equal(1, Tally([null]).Verdicts[ChaosVerdict.Unknown]);
    }

    [Fact]
    public void A_run_whose_calls_are_all_unknown_fails_and_says_so()
    {
        const string Error = "route 'called', action 'call': It may have received it";
        for (var number = 0; number < 4; number++)
        {
            Act(number, calls: 0);
        }

        var tally = Tally(Error, Error, Error, Error);
        Assert.Equal(("acted 0 unknown 4 failed 0 twice 0 lost 0", false), (tally.Verdicts.ToString(), tally.Verdicts.IsGood));
        Assert.Equal("4 of 4 events are unknown, and at most 3 may be", tally.Findings[^1]);
    }

    private ChaosTally Tally(params string?[] errors) => new(
        new(errors.Length, errors.Length, Seed: 1),
        _world,
        [.. errors.Select(static error => error is null ? "{}" : new JsonObject { ["errorMessage"] = error }.ToJsonString())]);

    /// <summary>Leaves on the servers what one delivery of an event does, with so many calls.</summary>
    private void Act(int number, int calls)
    {
        var order = ChaosPlan.OrderOf(number);
        _world.AddNamedIn(ChaosPlan.InstanceOf(number));
        _world.Resources[ChaosPlan.InstanceOf(number)]["Owner"] = "alice";
        _world.Automations[order] = new(order, new() { Name = "Plant-Restart" }, new() { ["order"] = order }, DateTimeOffset.UnixEpoch);
        foreach (var file in (ReadOnlySpan<string>)["guarded.log", "recorded.log"])
        {
            File.AppendAllText(Path.Combine(_world.Instances[Server].Directory, file), $"{order}\n");
        }

        for (var i = 0; i < calls; i++)
        {
            _world.SiteRequests.Enqueue(new("POST", "", order));
        }
    }
}
