using FastTrigger.Cli.Routes;
using FastTrigger.Json;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Routing;

/// <summary>Why a route does not take an event: the field, what the event has there, and what is near.</summary>
public sealed class MismatchTests
{
    private const string Nearest = "of 3 elements detail.items[1] comes nearest";

    private const string Items = """{"items":[{"kind":"tank","state":"low"},{"kind":"valve","state":"Open","id":7},{"kind":"pump"}]}""";

    [Theory]
    [InlineData("""{"kind":["valve"],"state":["open"]}""", "detail.items[1].state", "\"Open\"", Nearest + "; only upper and lower")]
    [InlineData("""{"kind":["valve"],"id":["7"]}""", "detail.items[1].id", "7", Nearest + "; the pattern has text, and the event")]
    [InlineData("""{"kind":["valve"],"stat":["x"]}""", "detail.items[1].stat", null, Nearest + "; the event has 'state' there")]
    [InlineData("""{"state":[{"exists":false}]}""", "detail.items[0].state", "\"low\"", "of 3 elements detail.items[0] comes nearest")]
    public void In_an_array_the_element_that_comes_nearest_is_shown(string pattern, string field, string? has, string hint)
    {
        var found = Find($$"""{"items":{{pattern}}}""", Items);
        Assert.Equal((field, has), (found.Field, found.Has));
        Assert.StartsWith(hint, found.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"a":{"b":{"c":["x"],"d":["y"]}}}""",
        """{"a":[{"b":[{"c":"z"}]},{"b":[{"c":"z"},{"c":"x","d":"Y"}]}]}""",
        "detail.a[1].b[1].d")]
    [InlineData("""{"a":{"c":["x"],"d":["y"]}}""", """{"a":[[{"c":"z"}],[{"c":"x","d":"w"}]]}""", "detail.a[1][0].d")]
    [InlineData("""{"a":{"c":["x"]}}""", """{"a":[]}""", "detail.a")]
    [InlineData("""{"a":{"c":["x"]}}""", """{"a":[{"c":"y"}]}""", "detail.a[0].c")]
    public void Arrays_inside_arrays_are_followed(string pattern, string detail, string field) =>
        Assert.Equal(field, Find(pattern, detail).Field);

    [Fact]
    public void A_value_inside_nested_arrays_is_compared_too()
    {
        var found = Find("""{"a":["open"]}""", """{"a":[["shut"],["Open"]]}""");
        Assert.Equal(("detail.a", "[[\"shut\"],[\"Open\"]]"), (found.Field, found.Has));
        Assert.StartsWith("only upper and lower case differ", found.Hint, StringComparison.Ordinal);
    }

    private static Mismatch Find(string pattern, string detail)
    {
        var text = Encoding.UTF8.GetBytes(
            "{\"routes\":[{\"name\":\"a\",\"when\":{\"detail\":" + pattern + "},\"do\":[{\"handler\":{\"name\":\"x\"}}]}]}");
        var problems = new JsonProblems("routes.json", text);
        var routes = RoutesDocument.Compile(text, problems);
        Assert.True(routes is not null, problems.ToString());
        var payload = Encoding.UTF8.GetBytes(RouterFixture.Event(detail));
        return Assert.Single(Assert.Single(UnmatchedItem.Find(routes, payload)).Reasons);
    }
}
