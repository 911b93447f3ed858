using FastTrigger.Patterns;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

public sealed class PatternIndexTests
{
    /// <summary>Patterns of every kind that an index has to leave aside, or to look into.</summary>
    private static readonly string[] s_patterns =
    [
        """{"source":["aws.ec2"]}""",
        """{"source":["aws.ec2"],"detail":{"state":["running","stopped"]}}""",
        """{"source":["aws.ec2"],"detail":{"state":["terminated"]}}""",
        """{"source":["aws.s3"],"detail":{"state":[{"prefix":"r"}]}}""",
        """{"source":[{"anything-but":"aws.s3"}]}""",
        """{"source":["aws.ec2",{"prefix":"plant."}],"detail":{"level":[5]}}""",
        """{"$or":[{"source":["aws.s3"]},{"detail":{"state":["running"]}}]}""",
        """{"source":["aws.ec2"],"$or":[{"detail":{"state":["running"]}},{"detail":{"level":[5]}}]}""",
        """{"detail":{"state":[{"exists":false}]}}""",
        """{"detail":{"items":{"id":["a"],"kind":["pump"]}}}""",
        """{"detail":{"tags":{"app.io/name":["pump"]}}}""",
        """{"detail.state":["running"]}""",
        """{"detail":{"text":["a\"b"]}}""",
        """{"detail":{"state":[null]}}""",
        """{"detail":{"nothing":["there"]}}""",
    ];

    private static readonly string[] s_events =
    [
        "{}",
        "[]",
        "\"aws.ec2\"",
        """{"source":"aws.ec2"}""",
        """{"source":["plant.pump","aws.ec2"]}""",
        """{"source":"aws.ec2","detail":{"state":"running"}}""",
        """{"source":"aws.ec2","detail":{"state":["stopped",["terminated"]]}}""",
        """{"source":"aws\u002eec2","detail":{"state":"runnin\u0067","level":5}}""",
        """{"source":"aws.s3","detail":{"state":null}}""",
        """{"source":"plant.pump","detail":{"level":5.0}}""",
        """{"detail":{"items":[{"id":"a"},{"id":"b","kind":"pump"}]}}""",
        """{"detail":{"items":[[{"id":"a","kind":"pump"}]]}}""",
        """{"detail":[{"state":"running"},{"items":{"id":"a","kind":["pump"]}}]}""",
        """{"detail":{"tags":{"app.io/name":"pump"}}}""",
        """{"detail":{"tags":{"app":{"io/name":"pump"}}}}""",
        """{"detail.state":"running"}""",
        """{"detail":{"text":"a\u0022b"}}""",
        """{"detail":{"text":"a\\\"b"}}""",
    ];

    private static readonly ObjectNode[] s_nodes = [.. s_patterns.Select(pattern => PatternText.Read(pattern, out _)!)];

    public static TheoryData<string> Events => [.. s_events];

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_pattern_that_matches_is_found(string text)
    {
        var seen = Seen(text);
        var found = Found(new(s_nodes), seen);
        for (var i = 0; i < s_nodes.Length; i++)
        {
            Assert.True(found.Contains(i) || !s_nodes[i].Matches(seen), $"{s_patterns[i]} was not found for {text}");
        }
    }

    [Fact]
    public void Of_many_patterns_those_alone_are_found_that_want_what_the_event_has()
    {
        var patterns = Many(
            10_000,
            static i => $$"""{"source":["plant"],"detail-type":["Level"],"detail":{"pump":["p{{i}}","q{{i}}"]} }""");
        var index = new PatternIndex(patterns);
        Assert.Equal([4_711], Found(index, Seen("""{"source":"plant","detail-type":"Level","detail":{"pump":"q4711"}}""")));
        Assert.Equal([1, 9_999], Found(index, Seen("""{"detail":{"pump":["p9999","x","p1"]}}""")));
        Assert.Equal([], Found(index, Seen("""{"source":"plant","detail-type":"Level","detail":{"pump":5}}""")));
        Assert.Equal("detail.pump", index.WhyNot(77));
        Assert.True(index.IsDeep);
    }

    [Fact]
    public void Each_pattern_is_found_by_the_field_that_it_shares_with_the_fewest()
    {
        var patterns = Many(200, static i => i % 2 == 0
            ? $$"""{"source":["s{{i}}"],"detail":{"state":["running"]} }"""
            : $$"""{"source":["plant"],"detail":{"state":["state {{i}}"]} }""");
        var index = new PatternIndex(patterns);
        Assert.Equal(("source", "detail.state"), (index.WhyNot(0), index.WhyNot(1)));
        Assert.Equal([4, 7], Found(index, Seen("""{"source":"s4","detail":{"state":"state 7"}}""")));
    }

    [Fact]
    public void Patterns_of_very_many_fields_are_found_too()
    {
        var patterns = Many(300, static i => $$"""{"field{{i}}":["x"]}""");
        var index = new PatternIndex(patterns);
        Assert.Contains(250, Found(index, Seen("""{"field250":"x"}""")));
        Assert.Contains(3, Found(index, Seen("""{"field3":"x"}""")));
    }

    [Fact]
    public void A_pattern_without_texts_and_a_route_without_a_pattern_are_always_found()
    {
        var index = new PatternIndex([null, .. Many(8, static _ => """{"a":["x"]}"""), PatternText.Read("""{"a":[5]}""", out _)]);
        Assert.Equal([0, 9], Found(index, Seen("""{"a":"y"}""")));
        Assert.Null(index.WhyNot(0));
    }

    private static ObjectNode[] Many(int count, Func<int, string> pattern) =>
        [.. Enumerable.Range(0, count).Select(i => PatternText.Read(pattern(i), out _)!)];

    private static List<int> Found(PatternIndex index, JsonElement seen)
    {
        var found = new ulong[index.Words];
        Array.Fill(found, ulong.MaxValue);
        index.Find(seen, new LeafTexts().Begin(seen), found);
        return [.. Enumerable.Range(0, index.Words * 64).Where(i => (found[i / 64] & (1UL << (i % 64))) != 0)];
    }

    private static JsonElement Seen(string text) => PatternText.AsSeen(JsonDocument.Parse(text).RootElement);
}
