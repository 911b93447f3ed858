namespace FastTrigger.Tests.Templates;

/// <summary>With --filter-streams the filters of a mapping pass whatever a route takes, or there is no template.</summary>
public sealed class MappingFilterTests
{
    private const string Handler = """{"handler":{"name":"h"}}""";

    [Theory]
    [InlineData("kinesis", """{"data":{"level":[{"numeric":[">",80]}]},"partitionKey":["1"]}""", null)]
    [InlineData("kinesis", """{"data":{"level":[300,"x",null]}}""", """{"data":{"level":[300,{"numeric":["=",300]},"x",null]}}""")]
    [InlineData("kinesis", """{"data.level":[3.5e1]}""", """{"data.level":[3.5e1,{"numeric":["=",3.5e1]}]}""")]
    [InlineData("kinesis", """{"data":{"a":[{"prefix":"x"},{"suffix":"y"},{"equals-ignore-case":"z"},{"exists":false}]}}""", null)]
    [InlineData("kinesis", """{"data":{"a":[{"anything-but":["x"]}],"$or":[{"b":["y"]},{"c":[true]}]}}""", null)]
    [InlineData("kinesis", """{"$or":[{"data":{"a":["x"]}},{"partitionKey":["1"]}]}""", null)]
    [InlineData("kinesis/eventbridge", """{"source":["my.app"]}""", """{"data":{"source":["my.app"]}}""")]
    [InlineData("dynamodb", """{"eventName":["INSERT"],"dynamodb":{"NewImage":{"state":{"S":["on"]}}}}""", null)]
    public void The_filter_is_the_pattern_of_the_route_as_Lambda_takes_it(string chain, string when, string? filter)
    {
        var template = new GeneratedTemplate(filterStreams: true, Route(chain, when));
        Assert.Empty(template.Problems);
        var mapping = Assert.Single(template.Events)["Properties"]!;
        var pattern = mapping["FilterCriteria"]!["Filters"]![0]!["Pattern"]!.ToString();
        Assert.Equal(filter ?? when, pattern);
    }

    [Fact]
    public void A_route_with_two_chains_has_a_filter_for_each()
    {
        var route = Route("kinesis\",\"kinesis/eventbridge", """{"data":{"a":["x"]}}""");
        var mapping = Assert.Single(new GeneratedTemplate(filterStreams: true, route).Events)["Properties"]!;
        Assert.Equal(
            ["""{"data":{"a":["x"]}}""", """{"data":{"data":{"a":["x"]}}}"""],
            mapping["FilterCriteria"]!["Filters"]!.AsArray().Select(filter => filter!["Pattern"]!.ToString()));
    }

    [Theory]
    [InlineData("kinesis", """{"data":{"a":[{"wildcard":"x*"}]}}""", "'data.a': a filter of a mapping does not take wildcard")]
    [InlineData("kinesis", """{"data":{"a":[{"cidr":"10.0.0.0/8"}]}}""", "'data.a': a filter of a mapping does not take cidr")]
    [InlineData("kinesis", """{"data":{"a":[{"anything-but":{"prefix":"x"}}]}}""", "does not take anything-but with prefix")]
    [InlineData(
        "kinesis",
        """{"data":{"$or":[{"a":["x"]},{"b":[{"prefix":{"equals-ignore-case":"x"}}]}]}}""",
        "'data.b': a filter of a mapping does not take prefix with equals-ignore-case")]
    [InlineData("kinesis", """{"data":{"a":[12345678901234567890]}}""", "of a mapping compares 12345678901234567890 as it is written")]
    [InlineData("kinesis", """{"data":["text"]}""", "a filter of a kinesis mapping takes fields inside 'data', and no values for it")]
    [InlineData("kinesis", """{"aggregated":[true]}""", "a filter of a kinesis mapping takes 'data' and 'partitionKey', not 'aggregated'")]
    [InlineData("kinesis/logs", """{"message":["x"]}""", "a filter of the mapping cannot look into what comes by 'kinesis/logs'")]
    [InlineData("dynamodb", """{"plain":{"NewImage":{"state":["on"]}}}""", "takes 'dynamodb' and 'eventName', not 'plain'")]
    [InlineData("dynamodb", """{"$or":[{"eventName":["INSERT"]},{"plain.Keys":{"id":["1"]}}]}""", "not 'plain'")]
    public void What_Lambda_would_refuse_or_read_otherwise_is_refused_with_the_route(string chain, string when, string problem)
    {
        var found = Assert.Single(new GeneratedTemplate(filterStreams: true, Route(chain, when)).Problems);
        Assert.StartsWith("route 'r'", found, StringComparison.Ordinal);
        Assert.Contains(problem, found, StringComparison.Ordinal);
        Assert.EndsWith("leave out --filter-streams", found, StringComparison.Ordinal);
        Assert.Empty(new GeneratedTemplate(filterStreams: false, Route(chain, when)).Problems);
    }

    [Fact]
    public void Filters_that_are_too_many_or_too_long_are_refused()
    {
        string Numbered(int i, string value) =>
            $$$"""{"name":"r{{{i}}}","from":["kinesis"],"when":{"data":{"a":["{{{value}}}"]}},"do":[{{{Handler}}}]}""";
        Assert.Empty(new GeneratedTemplate(true, [.. Enumerable.Range(0, 5).Select(i => Numbered(i, "x"))]).Problems);
        var tooMany = new GeneratedTemplate(true, [.. Enumerable.Range(0, 6).Select(i => Numbered(i, "x"))]);
        const string TooMany = "route 'r5': the routes that take from a Kinesis stream make more than 5 filters";
        Assert.StartsWith(TooMany, Assert.Single(tooMany.Problems), StringComparison.Ordinal);
        var tooLong = new GeneratedTemplate(true, Numbered(0, new('x', 4096)));
        const string TooLong = "route 'r0': its filter has 4115 characters, and a mapping takes 4096 at most";
        Assert.StartsWith(TooLong, Assert.Single(tooLong.Problems), StringComparison.Ordinal);
    }

    private static string Route(string chain, string when) =>
        $$"""{"name":"r","from":["{{chain}}"],"when":{{when}},"do":[{{Handler}}]}""";
}
