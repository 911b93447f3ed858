using FastTrigger.Fuzzing;
using FastTrigger.Fuzzing.Pairs;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

/// <summary>
/// The function's matching beside a reference that was written from AWS's documentation alone. The long form is build/patterns.sh.
/// </summary>
public sealed class PairTests
{
    private const int Pairs = 10_000;

    private const string Nested = """
        {"source":["aws.cloudwatch"],"$or":[
          {"metricName":["CPUUtilization","ReadLatency"]},
          {"metricType":["MetricType"],"namespace":["AWS/EC2","AWS/ES"],"$or":[{"metricId":[1234]},{"spaceId":[1000]}]},
          {"scope":["Service"]}]}
        """;

    [Fact]
    public void Every_pair_of_a_pattern_and_an_event_is_decided_as_by_the_reference()
    {
        var run = new PairRun();
        run.Decide(seed: 1, Pairs);
        run.Decide(Random.Shared.Next(), Pairs);
        Assert.Equal(2 * Pairs, run.Count);
        // Else they would prove little: what is nearly always no is nearly always right.
        Assert.InRange(100.0 * run.Matching / run.Count, 20, 80);
        Assert.All(run.Operators, decided => Assert.True(decided.Value is { Yes: >= 100, No: >= 100 }, $"{decided}"));
        string[] operators =
        [
            "$or", "Number", "String", "anything-but Number", "anything-but String", "anything-but equals-ignore-case",
            "anything-but prefix", "anything-but suffix", "anything-but wildcard", "cidr", "equals-ignore-case", "exists", "literal",
            "numeric", "prefix", "prefix equals-ignore-case", "suffix", "suffix equals-ignore-case", "wildcard",
        ];
        Assert.Equal(operators, run.Operators.Keys);
    }

    [Fact]
    public void Of_a_difference_the_smallest_pair_is_printed()
    {
        // An engine that does not know that a prefix is one.
        var run = new PairRun(static pair =>
            PairRun.MatchesRoute(pair) is { } matches ? matches && !$"{pair.Pattern}".Contains("prefix", StringComparison.Ordinal) : null);
        var difference = Assert.Throws<FuzzException>(() => run.Decide(seed: 1, Pairs));
        var lines = difference.Message.Split('\n');
        Assert.Contains("the reference says yes, the function no", lines[0], StringComparison.Ordinal);
        // One field, one test and one value are left of it.
        Assert.Equal("""{"pattern": {"a":[{"prefix":""}]}, "event": {"a":""}}""", lines[1].TrimEnd());
        Assert.True(lines[3].Length > lines[1].Length, difference.Message);
    }

    /// <summary>What the page of AWS's open engine says of its examples (github.com/aws/event-ruler, README.md).</summary>
    [Theory]
    [InlineData("""{"employees":{"firstName":["Anna"]}}""", """{"employees":[{"firstName":"John"},{"firstName":"Anna"}]}""", true)]
    [InlineData("""{"employees":{"firstName":["Anna"]}}""", """{"employees":[[{"firstName":"John"},{"firstName":"Anna"}],[]]}""", true)]
    [InlineData(
        """{"employees":{"firstName":["Anna"],"lastName":["Jones"]}}""",
        """{"employees":[{"firstName":"Anna","lastName":"Smith"},{"firstName":"Peter","lastName":"Jones"}]}""",
        false)]
    [InlineData("""{"detail":{"x-limit":[{"numeric":["=",3.018e2]}]}}""", """{"detail":{"x-limit":301.8}}""", true)]
    [InlineData("""{"detail":{"c-count":[{"exists":false}]}}""", """{"detail":{"c-count":{"c1":100}}}""", true)]
    [InlineData("""{"detail":{"state":{"status":["running"]}}}""", """{"detail":{"state.status":"running"}}""", true)]
    [InlineData("""{"detail":{"state.status":["running"]}}""", """{"detail":{"state":{"status":"running"}}}""", true)]
    [InlineData(Nested, """{"source":"aws.cloudwatch","scope":"Service"}""", true)]
    [InlineData(Nested, """{"source":"aws.cloudwatch","metricType":"MetricType","namespace":"AWS/ES","spaceId":1000}""", true)]
    [InlineData(Nested, """{"source":"aws.cloudwatch","metricType":"MetricType","namespace":"AWS/ES"}""", false)]
    [InlineData(Nested, """{"metricName":"ReadLatency"}""", false)]
    public void The_examples_of_AWS_open_engine_are_decided_as_it_says(string pattern, string json, bool expected)
    {
        Assert.Equal(expected, new PatternReference().Matches(pattern, json));
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, PatternText.Read(pattern, out _)!.Matches(PatternText.AsSeen(document.RootElement)));
    }

    [Theory]
    [InlineData("""{"a": {"b": [1], "c": [2]}}""", """{"a": [{"b": 1}], "a.c": 2}""")]
    public void A_name_with_a_dot_beside_an_array_of_that_name_is_where_the_function_differs(string pattern, string json)
    {
        Assert.True(new PatternReference().Matches(pattern, json));
        using var document = JsonDocument.Parse(json);
        Assert.False(PatternText.Read(pattern, out _)!.Matches(PatternText.AsSeen(document.RootElement)));
    }

    [Fact]
    public void A_seed_makes_the_same_pairs_again_and_every_pair_is_what_it_is_when_it_is_read_again()
    {
        var (generator, again) = (new PairGenerator(7), new PairGenerator(7));
        for (var i = 0; i < 200; i++)
        {
            var pair = generator.Next();
            Assert.Equal($"{pair}", $"{again.Next()}");
            using var document = JsonDocument.Parse($"{pair}");
            Assert.Equal($"{pair.Event}", document.RootElement.GetProperty("event").GetRawText());
        }
    }
}
