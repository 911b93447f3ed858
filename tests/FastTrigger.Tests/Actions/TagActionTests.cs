using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Actions;

public sealed class TagActionTests
{
    private const string Owner = """{"tag":{"tags":{"Owner":"${owner}"}}}""";
    private const string Overwrite = """{"tag":{"tags":{"Owner":"${owner}"},"overwrite":true}}""";
    private static readonly string[] s_ids = ["i-0123456789abcdef0", "i-0123456789abcdef1", "i-0123456789abcdef2"];

    [Fact]
    public async Task Every_instance_interface_and_volume_of_a_launch_is_tagged_with_its_owner_in_one_call()
    {
        await using var router = await StartAsync(Owner);
        var (outcome, detail) = router.Act(Launch());
        Assert.Equal("done", outcome);
        Assert.Contains("9 resources tagged with Owner", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", detail, StringComparison.Ordinal);
        Assert.Equal(["DescribeInstances", "DescribeTags", "CreateTags"], router.Aws.Operations);
        foreach (var prefix in (string[])["i-", "vol-", "eni-"])
        {
            var ids = s_ids.Select(id => id.Replace("i-", prefix, StringComparison.Ordinal));
            Assert.All(ids, id => Assert.Equal("alice@example.com", router.Aws.World.Resources[id]["Owner"]));
        }
    }

    [Fact]
    public async Task An_existing_tag_is_kept_unless_overwrite_is_on()
    {
        await using var router = await StartAsync(Owner);
        router.Aws.World.Resources[s_ids[1]]["Owner"] = "bob";
        Assert.Equal("done", router.Act(Launch()).Outcome);
        Assert.Equal("bob", router.Aws.World.Resources[s_ids[1]]["Owner"]);
        Assert.Equal("alice@example.com", router.Aws.World.Resources[s_ids[2]]["Owner"]);
        Assert.Equal(("skipped", "9 resources already tagged with Owner"), router.Act(Launch()));

        await using var overwriting = await StartAsync("""{"tag":{"tags":{"Owner":"${owner}"},"overwrite":true,"volumes":false}}""");
        overwriting.Aws.World.Resources[s_ids[1]]["Owner"] = "bob";
        Assert.Equal("done", overwriting.Act(Launch()).Outcome);
        Assert.Equal("alice@example.com", overwriting.Aws.World.Resources[s_ids[1]]["Owner"]);
        Assert.Equal(["CreateTags"], overwriting.Aws.Operations);
    }

    [Fact]
    public async Task Resources_that_lack_different_keys_are_tagged_in_separate_calls()
    {
        await using var router = await StartAsync("""{"tag":{"tags":{"Owner":"${owner}","Team":"water"}}}""");
        router.Aws.World.Resources[s_ids[0]]["Team"] = "gas";
        Assert.Equal("done", router.Act(Launch()).Outcome);
        Assert.Equal(2, router.Aws.Operations.Count(operation => operation == "CreateTags"));
        var tags = router.Aws.World.Resources[s_ids[0]];
        Assert.Equal(("gas", "alice@example.com"), (tags["Team"], tags["Owner"]));
    }

    [Fact]
    public async Task An_old_event_does_not_overwrite_tags_unless_replay_is_on_C4_5()
    {
        var old = Launch(time: DateTimeOffset.UtcNow.AddHours(-25));
        await using var router = await StartAsync(Overwrite);
        Assert.Equal("failed", router.Act(old).Outcome);
        Assert.Empty(router.Aws.World.Calls);
        await using var replaying = await StartAsync("""{"tag":{"tags":{"Owner":"${owner}"},"overwrite":true,"replay":true}}""");
        Assert.Equal("done", replaying.Act(old).Outcome);
    }

    [Theory]
    [InlineData("\"errorCode\":\"Client.UnauthorizedOperation\",\"responseElements\":null", "skipped", "Client.UnauthorizedOperation")]
    [InlineData("\"errorCode\":\"Client.DryRunOperation\",\"responseElements\":null", "skipped", "Client.DryRunOperation")]
    [InlineData("\"responseElements\":null", "failed", "responseElements")]
    [InlineData(
        "\"responseElements\":{\"omitted\":true,\"originalSize\":123456,\"reason\":\"responseElements too large\"}",
        "failed",
        "responseElements")]
    [InlineData("\"responseElements\":{\"instancesSet\":{\"items\":[]}}", "failed", "names nothing at instancesSet[].instanceId")]
    [InlineData("\"responseElements\":{\"instancesSet\":{\"items\":[5,null,{}]}}", "failed", "names nothing at instancesSet[].instanceId")]
    public async Task An_event_that_leads_to_no_tag_is_reported_with_the_reason_C3_5_C5_5(
        string fields,
        string outcome,
        string reason)
    {
        await using var router = await StartAsync(Owner);
        var (found, detail) = router.Act(RouterFixture.Event(
            """{"eventName":"RunInstances","userIdentity":{"type":"IAMUser","userName":"bob"},""" + fields + "}"));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }

    [Fact]
    public async Task An_event_without_an_owner_is_skipped_unless_the_file_has_a_default_C3_5()
    {
        var service = Launch().Replace(
            "\"type\": \"AssumedRole\"",
            "\"type\": \"Root\", \"invokedBy\": \"autoscaling.amazonaws.com\"",
            StringComparison.Ordinal);
        await using var router = await StartAsync(Owner);
        Assert.Equal(("skipped", "launched by Auto Scaling, not by a person"), router.Act(service));
        await using var withDefault = await StartAsync("""{"tag":{"tags":{"Owner":"${owner ?? 'auto-scaling'}"}}}""");
        Assert.Equal("done", withDefault.Act(service).Outcome);
        Assert.Equal("auto-scaling", withDefault.Aws.World.Resources[s_ids[0]]["Owner"]);
    }

    [Theory]
    [InlineData("eu-west-1", "123456789012", "", "allow.regions")]
    [InlineData("eu-west-1", "123456789012", "\"allow\":{\"regions\":[\"eu-west-1\"]},", null)]
    [InlineData("cn-north-1", "123456789012", "\"allow\":{\"regions\":[\"cn-north-1\"]},", "partition")]
    [InlineData("us-east-1.evil.example/", "123456789012", "", "allow.regions")]
    [InlineData("us-east-1", "210987654321", "", "account 210987654321")]
    public async Task Other_regions_and_accounts_are_refused_before_a_host_name_is_built_C6_1(
        string region,
        string account,
        string head,
        string? reason)
    {
        await using var router = await StartAsync(Owner, head);
        var (outcome, detail) = router.Act(Launch(region: region, account: account));
        Assert.Equal(reason is null ? "done" : "failed", outcome);
        Assert.Contains(reason ?? "", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_is_repeated_while_a_new_resource_is_not_visible_C5_5()
    {
        await using var router = await StartAsync(Overwrite);
        router.Aws.World.Add(new Fault { Operation = "CreateTags", Kind = FaultKind.NotFound, Milliseconds = 400 });
        Assert.Equal("done", router.Act(Launch()).Outcome);
        Assert.True(router.Aws.World.Calls.Count > 1);
        router.Aws.World.Add(new Fault { Operation = "CreateTags", Kind = FaultKind.NotFound, Milliseconds = 60_000 });
        Assert.Equal("retry", router.Act(Launch()).Outcome);
    }

    [Fact]
    public async Task An_old_resource_that_no_longer_exists_is_named_and_the_others_are_tagged_C5_5()
    {
        await using var router = await StartAsync(Owner);
        router.Aws.World.Resources.TryRemove(s_ids[1], out _);
        router.Aws.World.Instances.TryRemove(s_ids[1], out _);
        var (outcome, detail) = router.Act(Launch(time: DateTimeOffset.UtcNow.AddMinutes(-6)));
        Assert.Equal("done", outcome);
        Assert.Contains($"skipped, because they are gone: {s_ids[1]}", detail, StringComparison.Ordinal);
        Assert.Equal("alice@example.com", router.Aws.World.Resources[s_ids[2]]["Owner"]);
    }

    [Theory]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("a&b<c>'\"", "a_b_c___")]
    [InlineData("Jürgen Müller/ops", "Jürgen Müller/ops")]
    [InlineData("tab\tline\n", "tab_line_")]
    [InlineData("😀", "_")]
    public void A_value_is_made_legal_C7_2(string value, string legal) =>
        Assert.Equal(legal, TagValue.MakeLegal(value));

    [Fact]
    public void A_legal_value_is_short_and_stays_unchanged() =>
        Prop.ForAll<string>(text =>
        {
            var legal = TagValue.MakeLegal(string.Concat(Enumerable.Repeat(text ?? "", 20)));
            return legal.Length <= 256 && TagValue.MakeLegal(legal) == legal;
        }).QuickCheckThrowOnFailure();

    private static string Launch(
        DateTimeOffset? time = null,
        string region = "us-east-1",
        string account = "123456789012")
    {
        var now = $"{time ?? DateTimeOffset.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'}";
        return Items.Demo("launch.json")
            .Replace("\"time\": \"2026-11-20T14:30:05Z\"", $"\"time\": \"{now}\"", StringComparison.Ordinal)
            .Replace("\"region\": \"us-east-1\"", $"\"region\": \"{region}\"", StringComparison.Ordinal)
            .Replace("\"account\": \"123456789012\"", $"\"account\": \"{account}\"", StringComparison.Ordinal);
    }

    private static async Task<RouterFixture> StartAsync(string action, string head = "")
    {
        var router = await RouterFixture.StartAsync(RouterFixture.Route(action, head));
        router.Aws.World.AddNamedIn(Items.Demo("launch.json"));
        return router;
    }
}
