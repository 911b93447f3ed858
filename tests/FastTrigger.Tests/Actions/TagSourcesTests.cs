using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>What else is tagged than launches by people, and with whose name.</summary>
public sealed class TagSourcesTests
{
    private const string Server = "i-0aaaaaaaaaaaaaaa1", Volume = "vol-0aaaaaaaaaaaaaaa1";

    [Fact]
    public async Task What_a_call_creates_is_tagged_in_whatever_way_CloudTrail_writes_it()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"},"volumes":false}}"""));
        foreach (var (call, paths) in CreatingCalls.All)
        {
            foreach (var form in (string[])["items", "item", "one item", "array", "wrapped"])
            {
                var ids = paths.Select((_, index) => $"vol-{index:x17}").ToList();
                var response = Build(paths.Zip(ids), form);
                var elements = form == "wrapped" ? "{\"" + call + "Response\":" + response + "}" : response;
                router.Aws.World.Resources.Clear();
                router.Aws.World.AddNamedIn(elements);
                var (outcome, detail) = router.Act(Event(call, elements));
                Assert.True(outcome == "done", $"{call}, {form}: {detail} {elements}");
                Assert.All(ids, id => Assert.Equal("alice", router.Aws.World.Resources[id]["Owner"]));
            }
        }
    }

    [Theory]
    [InlineData("person", "alice")]
    [InlineData("role", "Operators")]
    [InlineData("arn", "arn:aws:sts::123456789012:assumed-role/Operators/alice")]
    [InlineData("userid", "AROAEXAMPLE:alice")]
    [InlineData("email", null)]
    public async Task Owner_says_what_of_somebody_is_written_down(string owner, string? expected)
    {
        const string Identity = """{"type":"AssumedRole","principalId":"AROAEXAMPLE:alice","arn":"arn:aws:sts::123456789012:assumed-role/Operators/alice","sessionContext":{"sessionIssuer":{"userName":"Operators"}}}""";
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route($$$"""{"tag":{"tags":{"Owner":"${owner}"},"owner":"{{{owner}}}"}}"""));
        router.Aws.World.AddNamedIn(Volume);
        var (outcome, detail) = router.Act(CreateVolume(Identity));
        Assert.Equal(expected is null ? "skipped" : "done", outcome);
        Assert.Contains(expected is null ? "the userIdentity has no e-mail address" : "", detail, StringComparison.Ordinal);
        Assert.Equal(expected, router.Aws.World.Resources[Volume].GetValueOrDefault("Owner"));
    }

    [Theory]
    [InlineData("""{"type":"IAMUser","userName":"terraform"}""", "terraform")]
    [InlineData("""{"type":"AssumedRole","principalId":"AROAEXAMPLE:run-17","sessionContext":{"sessionIssuer":{"userName":"ci-deploy"}}}""", "ci-*")]
    [InlineData("""{"type":"AssumedRole","principalId":"AROAEXAMPLE:x","arn":"arn:aws:sts::123456789012:assumed-role/A/x"}""", "arn:aws:sts::*:assumed-role/A/*")]
    public async Task Whoever_is_listed_is_skipped(string identity, string listed)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"},"skip":["nobody",""" + $"\"{listed}\"]}}}}"));
        router.Aws.World.AddNamedIn(Volume);
        var (outcome, detail) = router.Act(CreateVolume(identity));
        Assert.Equal(("skipped", true), (outcome, detail.Contains("whom 'skip' lists", StringComparison.Ordinal)));
        Assert.Empty(router.Aws.World.Calls);
    }

    [Theory]
    [InlineData("pumps", "carol", "carol")]
    [InlineData("pumps", null, "auto-scaling")]
    [InlineData(null, "carol", "carol")]
    public async Task A_launch_by_Auto_Scaling_inherits_the_owner_of_its_group_C3_5(string? groupInEvent, string? owner, string expected)
    {
        var world = new WorldFile
        {
            Instances = [new() { Id = Server, Tags = new Dictionary<string, string> { ["aws:autoscaling:groupName"] = "pumps" } }],
            Groups = [new() { Name = "pumps", Tags = owner is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Owner"] = owner } }],
        };
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"},"autoScaling":"inherit","volumes":false}}"""), world);
        var tags = groupInEvent is null ? "" : ",\"tagSet\":{\"items\":[{\"key\":\"aws:autoscaling:groupName\",\"value\":\"" + groupInEvent + "\"}]}";
        var launch = Event("RunInstances", "{\"instancesSet\":{\"items\":[{\"instanceId\":\"" + Server + "\"" + tags + "}]}}", """{"type":"Root","invokedBy":"autoscaling.amazonaws.com"}""");
        var (outcome, detail) = router.Act(launch);
        Assert.True(outcome == "done", detail);
        Assert.Equal(expected, router.Aws.World.Resources[Server]["Owner"]);
    }

    [Fact]
    public async Task Volumes_that_are_not_attached_yet_are_waited_for_and_then_come_again()
    {
        var launch = Event("RunInstances", "{\"instancesSet\":{\"items\":[{\"instanceId\":\"" + Server + "\",\"rootDeviceType\":\"ebs\"}]}}");
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"}}}"""), new WorldInstance { Id = Server, VolumesAfterMs = 300, Volumes = [Volume] });
        Assert.Equal("done", router.Act(launch).Outcome);
        Assert.Equal(("alice", "alice"), (router.Aws.World.Resources[Server]["Owner"], router.Aws.World.Resources[Volume]["Owner"]));

        await using var late = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"}}}"""), new WorldInstance { Id = Server, VolumesAfterMs = 3_600_000, Volumes = [Volume] });
        var (outcome, detail) = late.Act(launch, seconds: 3);
        Assert.Equal(("retry", true), (outcome, detail.Contains($"the volumes of {Server} are not attached yet", StringComparison.Ordinal)));
        // What there is has its owner all the same.
        Assert.Equal("alice", late.Aws.World.Resources[Server]["Owner"]);
    }

    [Theory]
    [InlineData("TerminateInstances", "{}", "TerminateInstances is none of them")]
    [InlineData("CreateVolume", "{\"x\":1}", "names nothing at volumeId")]
    public async Task Whatever_was_not_tagged_has_its_reason(string call, string response, string reason)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"}}}"""));
        var (outcome, detail) = router.Act(Event(call, response));
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_was_made_legal_is_logged_as_it_was_C7_2()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"}}}"""));
        router.Aws.World.AddNamedIn(Volume);
        Assert.Equal("done", router.Act(CreateVolume("""{"type":"IAMUser","userName":"al<i>ce\n"}""")).Outcome);
        Assert.Equal("al_i_ce_", router.Aws.World.Resources[Volume]["Owner"]);
        Assert.Equal("al<i>ce\n", router.Logs.Single(record => record.GetProperty("message").GetString() == "a tag value was made legal").GetProperty("original").GetString());
    }

    private static string CreateVolume(string identity) => Event("CreateVolume", "{\"volumeId\":\"" + Volume + "\"}", identity);

    private static string Event(string call, string response, string identity = """{"type":"IAMUser","userName":"alice"}""") =>
        RouterFixture.Event("{\"eventName\":\"" + call + "\",\"userIdentity\":" + identity + ",\"responseElements\":" + response + "}");

    /// <summary>A response with an id at each path, its lists written in one of CloudTrail's ways.</summary>
    private static string Build(IEnumerable<(string Path, string Id)> entries, string form)
    {
        var root = new System.Text.Json.Nodes.JsonObject();
        foreach (var (path, id) in entries)
        {
            var at = root;
            var steps = path.Split('.');
            for (var i = 0; i < steps.Length; i++)
            {
                var name = steps[i].TrimEnd('[', ']');
                var last = i == steps.Length - 1;
                if (!steps[i].EndsWith(']'))
                {
                    at[name] ??= last ? id : new System.Text.Json.Nodes.JsonObject();
                    at = last ? at : (System.Text.Json.Nodes.JsonObject)at[name]!;
                    continue;
                }

                System.Text.Json.Nodes.JsonNode element = last ? id : at[name] is null ? new System.Text.Json.Nodes.JsonObject() : Element(at[name]!);
                if (at[name] is null)
                {
                    at[name] = form switch
                    {
                        "one item" => new System.Text.Json.Nodes.JsonObject { ["item"] = element },
                        "array" => new System.Text.Json.Nodes.JsonArray(element),
                        _ => new System.Text.Json.Nodes.JsonObject { [form == "item" ? "item" : "items"] = new System.Text.Json.Nodes.JsonArray(element) },
                    };
                }

                at = last ? at : (System.Text.Json.Nodes.JsonObject)element;
            }
        }

        return root.ToJsonString();
    }

    private static System.Text.Json.Nodes.JsonNode Element(System.Text.Json.Nodes.JsonNode list)
    {
        var inner = list is System.Text.Json.Nodes.JsonObject known ? known["items"] ?? known["item"]! : list;
        return inner is System.Text.Json.Nodes.JsonArray array ? array[0]! : inner;
    }
}
