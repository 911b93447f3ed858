using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What the log says of an item that no route takes: the reason of each route, and what could be meant.</summary>
public sealed class UnmatchedLogTests
{
    private const string Tank =
        """{"name":"tank","when":{"source":["water.plant"],"detail":{"level":[{"numeric":[">",80]}],"test":[{"exists":false}]} }""";

    private const string Do = ""","do":[{"handler":{"name":"h"}}]}""";

    private const string Hint = "it has the fields that route 'tank' wants in 'detail', and nothing around them: "
        + "if a rule of EventBridge sends it, remove InputPath from the rule's target";

    [Fact]
    public async Task A_route_that_refuses_a_request_is_named_with_auth_beside_those_that_do_not_match_C6_4()
    {
        const string Http = ""","from":["http"],"auth":{"iam":{"principals":["arn:aws:iam::123456789012:role/x"]}}""" + Do;
        await using var fixture = await StartAsync(
            Tank + Do,
            """{"name":"post","when":{"httpMethod":["POST"]}""" + Http,
            """{"name":"get","when":{"httpMethod":["GET"]}""" + Http);
        fixture.Handle(SampleEvents.Read("http"));
        Assert.Equal("unauthenticated", Text(fixture, "notDone"));
        Assert.Equal("tank: from, post: auth, get: httpMethod", Text(fixture, "unmatched"));
        // The next request is refused for reasons of its own.
        fixture.Handle(SampleEvents.Read("http").Replace("\"method\": \"POST\"", "\"method\": \"PUT\"", StringComparison.Ordinal));
        Assert.Equal("unmatched", Text(fixture, "notDone"));
        Assert.Equal("tank: from, post: httpMethod, get: httpMethod", Text(fixture, "unmatched"));
    }

    [Fact]
    public async Task A_delivery_without_an_item_has_no_reasons_of_the_event_before()
    {
        await using var fixture = await StartAsync(Tank + Do);
        fixture.Handle(RouterFixture.Event("{}"));
        Assert.Equal("tank: source", Text(fixture, "unmatched"));
        fixture.Handle(SampleEvents.Read("http-alb-health"));
        Assert.Null(Text(fixture, "unmatched"));
    }

    [Theory]
    [InlineData("""{"level":91.5,"valve":"V-17"}""", Hint)]
    [InlineData("""{"level":"low"}""", Hint)]
    [InlineData("""{"valve":"V-17"}""", null)]
    [InlineData("""{"level":91.5,"source":"x"}""", null)]
    [InlineData("""{"level":91.5,"detail":{}}""", null)]
    [InlineData("""{"level":91.5,"detail-type":"x"}""", null)]
    [InlineData("""{"detail":{"level":91.5}}""", null)]
    [InlineData("[91.5]", null)]
    public async Task An_event_of_which_only_the_detail_was_sent_is_recognised(string payload, string? hint)
    {
        const string Other = """{"name":"other","when":{"detail":{"a":[{"exists":false}]},"x":[1]}""" + Do;
        await using var fixture = await StartAsync(Other, Tank + Do);
        fixture.Handle(payload);
        Assert.Equal(hint, Text(fixture, "hint"));
        Assert.Equal("unmatched", Text(fixture, "notDone"));
    }

    [Fact]
    public async Task What_a_route_takes_has_no_hint()
    {
        await using var fixture = await StartAsync(Tank + Do, """{"name":"direct","when":{"level":[91.5]}""" + Do);
        fixture.Handle("""{"level":91.5}""");
        Assert.Equal((null, null), (Text(fixture, "hint"), Text(fixture, "unmatched")));
    }

    /// <summary>A field of the last invocation's record; null when it has none.</summary>
    private static string? Text(RouterFixture fixture, string name) =>
        fixture.Logs.Last(log => log.GetProperty("message").GetString() == "invocation").TryGetProperty(name, out var text)
            ? text.GetString()
            : null;

    private static async Task<RouterFixture> StartAsync(params string[] routes) => RouterFixture.Over(
        await AwsFixture.StartAsync(new WorldFile()),
        $$"""{"routes":[{{string.Join(',', routes)}}]}""",
        ("h", static (_, _, _) => ValueTask.FromResult(ActionResult.Done("said so"))));
}
