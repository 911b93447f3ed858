using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Storm;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Storm;

/// <summary>What was done for each instance is counted from the calls that AWS carried out.</summary>
public sealed class StormEffectsTests
{
    private const string Guarded = "# FastTrigger: at most once on this server for this key.";

    private readonly StormEvents _events = new("launch.json", Encoding.UTF8.GetBytes(Items.Demo("launch.json")), instances: 2);

    [Fact]
    public void Every_event_launches_instances_of_its_own()
    {
        var payloads = Enumerable.Range(0, 3).Select(number => JsonNode.Parse(_events.Create(number))!).ToList();
        Assert.Equal(3, payloads.Select(payload => payload["id"]!.ToString()).Distinct().Count());
        var launched = payloads
            .SelectMany(payload => payload["detail"]!["responseElements"]!["instancesSet"]!["items"]!.AsArray())
            .Select(item => item!["instanceId"]!.ToString())
            .ToList();
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(_events.InstancesOf), launched);
        Assert.Equal(6, launched.Distinct().Count());
        Assert.All(launched, id => Assert.Matches("^i-[0-9a-f]{17}$", id));
    }

    [Fact]
    public void An_event_that_launches_nothing_takes_no_instances()
    {
        var tank = Encoding.UTF8.GetBytes(Items.Demo("tank-high.json"));
        var exception = Assert.Throws<Cli.Commands.UsageException>(() => new StormEvents("tank-high.json", tank, 5));
        Assert.Contains("tank-high.json launches none", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, new StormEvents("tank-high.json", tank, null).LaunchesEach);
        Assert.Equal("[1]", Encoding.UTF8.GetString(new StormEvents("x.json", "[1]"u8.ToArray(), null).Create(0)));
    }

    [Fact]
    public void An_instance_that_no_call_names_is_missing()
    {
        var effects = Count(2, Tag(1, "a", _events.InstancesOf(0)));
        var tagged = Assert.Single(effects.Operations);
        Assert.Equal(new StormEffect("CreateTags", 2, 2, 0, 0, TimeSpan.FromSeconds(1)), tagged);
        Assert.False(effects.IsWhole);
    }

    [Fact]
    public void The_same_tags_again_change_nothing_and_others_do()
    {
        var again = Count(1, Tag(1, "a", _events.InstancesOf(0)), Tag(9, "a", _events.InstancesOf(0)));
        Assert.Equal(new StormEffect("CreateTags", 2, 0, 0, 2, TimeSpan.FromSeconds(1)), Assert.Single(again.Operations));
        Assert.True(again.IsWhole);
        var other = Count(1, Tag(1, "a", _events.InstancesOf(0)), Tag(9, "b", _events.InstancesOf(0)));
        Assert.Equal((2, false), (other.Twice, other.IsWhole));
    }

    [Fact]
    public void A_command_counts_twice_unless_the_server_knows_its_key()
    {
        var guarded = Count(1, Send(1, Guarded + "1"), Send(2, Guarded + "1"));
        Assert.Equal(new StormEffect("SendCommand", 2, 0, 0, 2, TimeSpan.FromSeconds(1)), Assert.Single(guarded.Operations));
        Assert.Equal(2, Count(1, Send(1, Guarded + "1"), Send(2, Guarded + "2")).Twice);
        Assert.Equal(2, Count(1, Send(1, "reboot"), Send(2, "reboot")).Twice);
    }

    [Fact]
    public void A_refused_call_has_no_effect()
    {
        var refused = StormFixture.Call("CreateTags", 1, Tags("a", _events.InstancesOf(0)), "RequestLimitExceeded");
        Assert.Empty(Count(1, refused).Operations);
    }

    [Fact]
    public void Calls_are_counted_as_made_throttled_and_retried()
    {
        var scenario = StormFixture.Scenario() with { Quotas = [DocumentedQuotas.Find("ec2:CreateTags")!] };
        AwsCall[] calls =
        [
            StormFixture.Call("CreateTags", 0, Tags("a", ["i-1"]), "RequestLimitExceeded"),
            StormFixture.Call("CreateTags", 0.5, Tags("a", ["i-1"])),
            StormFixture.Call("CreateTags", 0.6, Tags("a", ["i-2"]), "RequestLimitExceeded"),
            StormFixture.Call("CreateTags", 5, Tags("a", ["i-3"]), "InvalidInstanceID.NotFound"),
            StormFixture.Call("SendCommand", 5),
        ];
        var counts = CallCount.Of(calls, DateTimeOffset.UnixEpoch, scenario);
        Assert.Equal(new CallCount("ec2:CreateTags", 4, 2, 1, 1, 3, scenario.Quotas[0], true), counts[0]);
        Assert.Equal(new CallCount("ssm:SendCommand", 1, 0, 0, 0, 1, null, false), counts[1]);
    }

    [Fact]
    public void Calls_without_a_quota_of_the_scenario_are_compared_with_the_documented_one()
    {
        // 110 calls at once exceed the bucket of 100 by ten. One second later it has ten tokens again.
        var calls = Enumerable.Repeat(0.0, 110).Concat(Enumerable.Repeat(1.0, 15)).Select(at => StormFixture.Call("CreateTags", at));
        var count = Assert.Single(CallCount.Of(calls, DateTimeOffset.UnixEpoch, StormFixture.Scenario()));
        Assert.Equal((125, 110.0, 15, false), (count.Made, count.PeakPerSecond, count.Throttled, count.IsEnforced));
    }

    private StormEffects Count(int events, params AwsCall[] calls) =>
        StormEffects.Count(_events, events, calls, DateTimeOffset.UnixEpoch);

    private static AwsCall Tag(double at, string value, IEnumerable<string> ids) => StormFixture.Call("CreateTags", at, Tags(value, ids));

    private AwsCall Send(double at, string script) => StormFixture.Call("SendCommand", at, new()
    {
        ["InstanceIds"] = List(_events.InstancesOf(0)),
        ["Parameters"] = new JsonObject { ["commands"] = List([script]) },
    });

    private static JsonObject Tags(string value, IEnumerable<string> ids) => new()
    {
        ["Resources"] = List(ids),
        ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "Owner", ["Value"] = value }),
    };

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
