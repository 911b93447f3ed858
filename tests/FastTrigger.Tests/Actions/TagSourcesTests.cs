using System.Text.Json.Nodes;
using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The calls whose resources are tagged, and the owner that each event names.</summary>
public sealed class TagSourcesTests
{
    private const string Server = "i-0aaaaaaaaaaaaaaa1", Volume = "vol-0aaaaaaaaaaaaaaa1";
    private const string Owner = """{"tag":{"tags":{"Owner":"${owner}"}}}""";

    [Fact]
    public async Task Created_resources_are_tagged_in_every_form_of_response_that_CloudTrail_writes()
    {
        var routes = RouterFixture.Route("""{"tag":{"tags":{"Owner":"${owner}"},"volumes":false}}""");
        await using var router = await RouterFixture.StartAsync(routes);
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
    public async Task Owner_selects_the_part_of_an_identity_that_is_written(string owner, string? expected)
    {
        const string Identity = """
            {"type":"AssumedRole","principalId":"AROAEXAMPLE:alice",
            "arn":"arn:aws:sts::123456789012:assumed-role/Operators/alice",
            "sessionContext":{"sessionIssuer":{"userName":"Operators"}}}
            """;
        var routes = RouterFixture.Route($$$"""{"tag":{"tags":{"Owner":"${owner}"},"owner":"{{{owner}}}"}}""");
        await using var router = await RouterFixture.StartAsync(routes);
        router.Aws.World.AddNamedIn(Volume);
        var (outcome, detail) = router.Act(CreateVolume(Identity));
        Assert.Equal(expected is null ? "skipped" : "done", outcome);
        Assert.Contains(expected is null ? "the userIdentity has no e-mail address" : "", detail, StringComparison.Ordinal);
        Assert.Equal(expected, router.Aws.World.Resources[Volume].GetValueOrDefault("Owner"));
    }

    [Theory]
    [InlineData("""{"type":"IAMUser","userName":"terraform"}""", "terraform")]
    [InlineData(
        """{"type":"AssumedRole","principalId":"AROAEXAMPLE:run-17","sessionContext":{"sessionIssuer":{"userName":"ci-deploy"}}}""",
        "ci-*")]
    [InlineData(
        """{"type":"AssumedRole","principalId":"AROAEXAMPLE:x","arn":"arn:aws:sts::123456789012:assumed-role/A/x"}""",
        "arn:aws:sts::*:assumed-role/A/*")]
    public async Task An_owner_that_skip_lists_is_skipped(string identity, string listed)
    {
        var routes = RouterFixture.Route($$$"""{"tag":{"tags":{"Owner":"${owner}"},"skip":["nobody","{{{listed}}}"]}}""");
        await using var router = await RouterFixture.StartAsync(routes);
        router.Aws.World.AddNamedIn(Volume);
        var (outcome, detail) = router.Act(CreateVolume(identity));
        Assert.Equal("skipped", outcome);
        Assert.Contains("which 'skip' lists", detail, StringComparison.Ordinal);
        Assert.Empty(router.Aws.World.Calls);
    }

    [Theory]
    [InlineData("pumps", "carol", "carol")]
    [InlineData("pumps", null, "auto-scaling")]
    [InlineData(null, "carol", "carol")]
    public async Task A_launch_by_Auto_Scaling_inherits_the_owner_of_its_group_C3_5(
        string? groupInEvent,
        string? owner,
        string expected)
    {
        var tags = new Dictionary<string, string>();
        if (owner is not null)
        {
            tags["Owner"] = owner;
        }

        var world = new WorldFile
        {
            Instances = [new() { Id = Server, Tags = new Dictionary<string, string> { ["aws:autoscaling:groupName"] = "pumps" } }],
            Groups = [new() { Name = "pumps", Tags = tags }],
        };
        const string Inherit = """{"tag":{"tags":{"Owner":"${owner}"},"autoScaling":"inherit","volumes":false}}""";
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Inherit), world);
        var tagSet = groupInEvent is null
            ? ""
            : $$""","tagSet":{"items":[{"key":"aws:autoscaling:groupName","value":"{{groupInEvent}}"}]}""";
        var launch = Event(
            "RunInstances",
            """{"instancesSet":{"items":[{"instanceId":""" + $"\"{Server}\"{tagSet}}}]}}}}",
            """{"type":"Root","invokedBy":"autoscaling.amazonaws.com"}""");
        var (outcome, detail) = router.Act(launch);
        Assert.True(outcome == "done", detail);
        Assert.Equal(expected, router.Aws.World.Resources[Server]["Owner"]);
    }

    [Fact]
    public async Task Volumes_that_are_not_attached_yet_are_waited_for_and_then_a_retry()
    {
        const string Response = $$$"""{"instancesSet":{"items":[{"instanceId":"{{{Server}}}","rootDeviceType":"ebs"}]}}""";
        var launch = Event("RunInstances", Response);
        var soon = new WorldInstance { Id = Server, VolumesAfterMs = 300, Volumes = [Volume] };
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Owner), soon);
        Assert.Equal("done", router.Act(launch).Outcome);
        Assert.Equal("alice", router.Aws.World.Resources[Server]["Owner"]);
        Assert.Equal("alice", router.Aws.World.Resources[Volume]["Owner"]);

        await using var late = await RouterFixture.StartAsync(RouterFixture.Route(Owner), soon with { VolumesAfterMs = 3_600_000 });
        var (outcome, detail) = late.Act(launch, seconds: 8);
        Assert.Equal("retry", outcome);
        Assert.Contains($"the volumes of {Server} are not attached yet", detail, StringComparison.Ordinal);
        // The instance is tagged although the action is a retry.
        Assert.Equal("alice", late.Aws.World.Resources[Server]["Owner"]);
    }

    [Theory]
    [InlineData("TerminateInstances", "{}", "TerminateInstances is none of them")]
    [InlineData("CreateVolume", "{\"x\":1}", "names nothing at volumeId")]
    [InlineData("CreateVolume", "[{\"volumeId\":\"vol-1\"}]", "names nothing at volumeId")]
    [InlineData("CreateVolume", "\"vol-1\"", "names nothing at volumeId")]
    public async Task An_event_that_names_no_resource_fails_with_the_reason(string call, string response, string reason)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Owner));
        var (outcome, detail) = router.Act(Event(call, response));
        Assert.Equal("failed", outcome);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_original_of_a_value_that_was_made_legal_is_logged_C7_2()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Owner));
        router.Aws.World.AddNamedIn(Volume);
        Assert.Equal("done", router.Act(CreateVolume("""{"type":"IAMUser","userName":"al<i>ce\n"}""")).Outcome);
        Assert.Equal("al_i_ce_", router.Aws.World.Resources[Volume]["Owner"]);
        var record = router.Logs.Single(record => record.GetProperty("message").GetString() == "a tag value was made legal");
        Assert.Equal("al<i>ce\n", record.GetProperty("original").GetString());
    }

    private static string CreateVolume(string identity) =>
        Event("CreateVolume", "{\"volumeId\":\"" + Volume + "\"}", identity);

    private static string Event(string call, string response, string identity = """{"type":"IAMUser","userName":"alice"}""") =>
        RouterFixture.Event("{\"eventName\":\"" + call + "\",\"userIdentity\":" + identity + ",\"responseElements\":" + response + "}");

    /// <summary>A response with an id at each path. The form decides how its lists are written.</summary>
    private static string Build(IEnumerable<(string Path, string Id)> entries, string form)
    {
        var root = new JsonObject();
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
                    at[name] ??= last ? id : new JsonObject();
                    at = last ? at : (JsonObject)at[name]!;
                    continue;
                }

                JsonNode element = last ? id : at[name] is null ? new JsonObject() : Element(at[name]!);
                if (at[name] is null)
                {
                    at[name] = form switch
                    {
                        "one item" => new JsonObject { ["item"] = element },
                        "array" => new JsonArray(element),
                        _ => new JsonObject { [form == "item" ? "item" : "items"] = new JsonArray(element) },
                    };
                }

                at = last ? at : (JsonObject)element;
            }
        }

        return root.ToJsonString();
    }

    private static JsonNode Element(JsonNode list)
    {
        var inner = list is JsonObject known ? known["items"] ?? known["item"]! : list;
        return inner is JsonArray array ? array[0]! : inner;
    }
}
