using FastTrigger.Cli.Routes;
using FastTrigger.Json;

namespace FastTrigger.Tests.Routing;

/// <summary>Routes that take exactly the same events.</summary>
public sealed class TwinRoutesTests
{
    private const string When = "\"when\":{\"source\":[\"a\",\"b\"],\"detail\":{\"x\":[1]}}";

    private const string Http = "\"from\":[\"http\"],\"when\":{\"path\":[\"/x\"]}";

    [Theory]
    [InlineData(When, "\"when\":{\"detail\":{\"x\":[1]},\"source\":[\"a\",\"b\"]}", true)]
    [InlineData(When, "\"when\":{\"detail\":{\"x\":[2]},\"source\":[\"a\",\"b\"]}", false)]
    [InlineData(When, When + ",\"dryRun\":true", false)]
    [InlineData(When + ",\"from\":[\"sqs\",\"sns\"]", When + ",\"from\":[\"sns\",\"sqs\"]", true)]
    [InlineData(When + ",\"from\":[\"sqs\"]", When, false)]
    [InlineData(Http + ",\"auth\":\"none\"", Http + ",\"auth\":\"none\"", true)]
    [InlineData(Http + ",\"auth\":\"none\"", Http + ",\"auth\":{\"iam\":{\"principals\":[\"arn:aws:iam::123456789012:role/x\"]}}", false)]
    [InlineData("\"schedule\":\"rate(1 hour)\"", "\"schedule\":\"rate(1 hour)\"", false)]
    public void A_route_with_the_events_of_an_earlier_one_is_named(string one, string other, bool areTwins)
    {
        var routes = string.Join(',', ((string[])[one, other]).Select((route, i) =>
            $$$"""{"name":"r{{{i}}}",{{{route}}},"do":[{"handler":{"name":"h"}}]}"""));
        var text = Encoding.UTF8.GetBytes($$"""{"routes":[{{routes}}]}""");
        var problems = new JsonProblems("routes.json", text);
        var document = RoutesDocument.Compile(text, problems);
        Assert.True(document is not null, problems.ToString());
        string[] expected = areTwins ? ["route 'r1' has the 'when' and 'from' of route 'r0': both act on each of their events"] : [];
        Assert.Equal(expected, TwinRoutes.Find(document));
    }
}
