using FastTrigger.Json;
using FastTrigger.Routing;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Routing;

/// <summary>Routes of one file share what is the same in them.</summary>
public sealed class ManyRoutesTests
{
    private const int Count = 1_000;

    /// <summary>The start allocates all of it, and each page of it costs time.</summary>
    private const int MaxBytes = 2_200;

    [Fact]
    public void A_route_takes_little_memory_to_read()
    {
        var file = Encoding.UTF8.GetBytes(File("detail-type", Count));
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 1, MaxBytes);

        void Read() => Assert.NotNull(RoutesFile.Read(file, null, new JsonProblems("file", file)));
    }

    [Fact]
    public void A_mistake_is_told_at_its_own_place_where_all_routes_want_the_same()
    {
        var file = File("a\": [\"x\"], \"a", 2);
        Assert.Null(RoutesText.Read(file, out var problems));
        Assert.Equal("file:2:60: 'a' is given twice\nfile:3:60: 'a' is given twice", problems);

        file = File("a.b\": [\"x\"], \"$or\": [{\"a.b\": [\"x\"]}, {\"c\": [\"x\"]}], \"d", 2);
        Assert.Null(RoutesText.Read(file, out problems));
        Assert.Equal(
            [(2, true), (3, true)],
            problems.Split('\n').Select((line, i) => (i + 2, line.EndsWith($"the other is at {i + 2}:55", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("""["x"]""", """{"a":"x"}""", """{"a":"y"}""")]
    [InlineData("""["\u0078"]""", """{"a":"x"}""", """{"a":"\\u0078"}""")]
    [InlineData("""["5"]""", """{"a":"5"}""", """{"a":5}""")]
    [InlineData("""[5]""", """{"a":5}""", """{"a":"5"}""")]
    [InlineData("""[""]""", """{"a":""}""", """{"a":null}""")]
    public void A_route_wants_what_it_says_beside_routes_that_want_the_like(string values, string match, string other)
    {
        string[] alike = ["[\"x\"]", "[\"\\u0078\"]", "[\"5\"]", "[5]", "[\"\"]", "[\"x\",5]", values];
        var routes = alike.Select((wanted, i) =>
            $$"""{ "name": "r{{i}}", "when": { "a": {{wanted}} }, "do": [{ "tag": { "tags": { "Owner": "x" } } }] }""");
        var table = RoutesText.Read($$"""{"routes":[{{string.Join(',', routes)}}]}""", out var problems);
        Assert.True(table is not null, problems);
        var pattern = table.Routes[^1].When!;
        Assert.True(pattern.Matches(JsonDocument.Parse(match).RootElement));
        Assert.False(pattern.Matches(JsonDocument.Parse(other).RootElement));
    }

    private static string File(string field, int count)
    {
        var routes = Enumerable.Range(0, count).Select(i => $$"""
            { "name": "r{{i % 10}}-{{i}}", "when": { "source": ["aws"], "{{field}}": ["AWS API Call via CloudTrail"],
            "detail": { "eventSource": ["ec2.amazonaws.com"], "eventName": ["Operation{{i}}"] } },
            "do": [{ "tag": { "tags": { "Owner": "${owner}" } } }] }
            """.ReplaceLineEndings(" "));
        return $$"""{"routes":[{{"\n" + string.Join(",\n", routes)}}]}""";
    }
}
