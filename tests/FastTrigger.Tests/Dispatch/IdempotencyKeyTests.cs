using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>An Idempotency-Key belongs to its caller and its request (C2.1).</summary>
public sealed class IdempotencyKeyTests
{
    private const string Routes = """
        {"routes":[{"name":"valve","from":["http"],"auth":{"iam":{"principals":["arn:aws:iam::123456789012:role/*"]}},
          "when":{"httpMethod":["POST","PUT"]},
          "do":[{"run-command":{"targets":{"tag:Role":["pump"]},
            "commands":["echo \"OPEN $V\""],"environment":{"V":"${event.path}"},"wait":true}}]}]}
        """;

    private static readonly WorldFile s_world = new()
    {
        Tables = ["once"],
        Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
    };

    [Fact]
    public async Task The_same_key_of_another_caller_is_another_request()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(200, Status(fixture, Request("alice", "/valves/V1")));
        Assert.Equal(200, Status(fixture, Request("bob", "/valves/V2")));
        Assert.Equal(["OPEN /valves/V1\n", "OPEN /valves/V2\n"], Outputs(fixture));
    }

    [Fact]
    public async Task The_same_request_again_is_done_once_in_any_environment()
    {
        await using var fixture = await StartAsync();
        Assert.Equal(200, Status(fixture, Request("alice", "/valves/V1")));
        await using var other = RouterFixture.Over(fixture.Aws.Another(), Routes);
        Assert.Equal(200, Status(other, Request("alice", "/valves/V1")));
        Assert.Equal("OPEN /valves/V1\n", Outputs(fixture)[0]);
        Assert.DoesNotContain("OPEN", Outputs(fixture)[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rawPath", "/valves/V2")]
    [InlineData("rawQueryString", "force=true")]
    [InlineData("body", "{\"open\":false}")]
    [InlineData("requestContext.http.method", "PUT")]
    public async Task The_same_key_for_another_request_of_the_same_caller_is_refused_and_nothing_is_done(string member, string value)
    {
        await using var fixture = await StartAsync();
        Assert.Equal(200, Status(fixture, Request("alice", "/valves/V1")));
        var other = JsonNode.Parse(Request("alice", "/valves/V1"))!;
        var node = member.Split('.')[..^1].Aggregate(other, (at, name) => at[name]!);
        node[member.Split('.')[^1]] = value;
        Assert.Equal(422, Status(fixture, other.ToJsonString()));
        Assert.Single(Outputs(fixture));
        // The first request is still itself.
        Assert.Equal(200, Status(fixture, Request("alice", "/valves/V1")));
    }

    [Theory]
    [InlineData("rawQueryString", "a=1&a=2&b=3", "a=2&a=1&b=3", 422)]
    [InlineData("rawQueryString", "a=1&a=2&b=3", "b=3&a=1&a=2", 200)]
    [InlineData("body", "AAEC", "AAED", 422)]
    public async Task Values_of_one_name_have_an_order_and_a_body_is_what_came(string member, string first, string second, int status)
    {
        await using var fixture = await StartAsync();
        var request = JsonNode.Parse(Request("alice", "/valves/V1"))!;
        request["isBase64Encoded"] = member == "body";
        request[member] = first;
        Assert.Equal(200, Status(fixture, request.ToJsonString()));
        request[member] = second;
        Assert.Equal(status, Status(fixture, request.ToJsonString()));
    }

    [Fact]
    public async Task Several_keys_are_refused_and_nothing_is_done()
    {
        await using var fixture = await RouterFixture.StartAsync(
            """
            {"routes":[{"name":"r","from":["http"],"auth":"none","when":{"path":[{"prefix":"/"}]},
             "do":[{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}]}]}
            """,
            s_world,
            ("FASTTRIGGER_ONCE_TABLE", "once"));
        var request = JsonNode.Parse(SampleEvents.Read("http-alb-lists"))!;
        request["multiValueHeaders"]!["idempotency-key"] = new JsonArray("k", "l");
        Assert.Equal(422, Status(fixture, request.ToJsonString()));
        Assert.Empty(fixture.Aws.Operations);
    }

    [Fact]
    public async Task Without_a_key_each_request_is_its_own_and_nothing_is_noted()
    {
        await using var fixture = await StartAsync();
        var request = JsonNode.Parse(Request("alice", "/valves/V1"))!;
        ((JsonObject)request["headers"]!).Remove("idempotency-key");
        Assert.Equal(200, Status(fixture, request.ToJsonString()));
        Assert.DoesNotContain("PutItem", fixture.Aws.Operations);
    }

    [Fact]
    public async Task While_the_table_cannot_be_asked_nothing_is_done()
    {
        var fault = new Fault { Operation = "PutItem", Kind = FaultKind.ServerError, Times = 100 };
        await using var fixture = await StartAsync(s_world with { Faults = [fault] });
        Assert.True(Status(fixture, Request("alice", "/valves/V1"), seconds: 3) is 503 or 504);
        Assert.Empty(Outputs(fixture));
    }

    [Fact]
    public async Task A_dry_run_notes_nothing()
    {
        await using var fixture = await RouterFixture.StartAsync(
            Routes,
            s_world,
            ("FASTTRIGGER_ONCE_TABLE", "once"),
            ("FASTTRIGGER_DRY_RUN", "true"));
        Assert.Equal(200, Status(fixture, Request("alice", "/valves/V1")));
        Assert.DoesNotContain("PutItem", fixture.Aws.Operations);
    }

    [Fact]
    public void A_route_that_acts_once_for_requests_needs_the_table_and_one_that_does_not_needs_none()
    {
        Assert.True(RoutesText.Read(Routes, out _)!.NeedsOnceTable(out _));
        var harmless = Routes.Replace("\"wait\":true", "\"wait\":true,\"once\":false", StringComparison.Ordinal);
        Assert.False(RoutesText.Read(harmless, out _)!.NeedsOnceTable(out _));
    }

    private static string Request(string caller, string path)
    {
        var request = JsonNode.Parse(SampleEvents.Read("http-url"))!;
        request["rawPath"] = path;
        request["headers"]!["idempotency-key"] = "order-1";
        request["requestContext"]!["authorizer"]!["iam"]!["userArn"] = $"arn:aws:sts::123456789012:assumed-role/{caller}/session";
        return request.ToJsonString();
    }

    private static Task<RouterFixture> StartAsync(WorldFile? world = null) =>
        RouterFixture.StartAsync(Routes, world ?? s_world, ("FASTTRIGGER_ONCE_TABLE", "once"));

    private static int Status(RouterFixture fixture, string request, int seconds = 30) =>
        fixture.Handle(request, seconds).Answer.GetProperty("statusCode").GetInt32();

    private static List<string> Outputs(RouterFixture fixture) =>
        [.. fixture.Aws.World.Commands.Values
            .OrderBy(command => command.Requested)
            .SelectMany(command => command.Invocations)
            .Select(invocation => invocation.StandardOutput)];
}
