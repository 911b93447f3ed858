using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Routes;
using FastTrigger.Json;
using FastTrigger.Tests.Documentation;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Matching;

/// <summary>Why a route does not take an event: each field that fails, what the event has there, and what is near.</summary>
public sealed class ExplanationTests
{
    private const string Nearest = "of 3 elements detail.items[1] comes nearest, and one element must match all";

    private const string Items = """{"items":[{"kind":"tank","state":"low"},{"kind":"valve","state":"Open","id":7},{"kind":"pump"}]}""";

    private const string Case = "only upper and lower case differ; ";

    [Theory]
    [InlineData("""{"kind":["valve"],"state":["open"]}""", "detail.items[1].state", "\"Open\"", Case)]
    [InlineData("""{"kind":["valve"],"id":["7"]}""", "detail.items[1].id", "7", "the event has a number, and the pattern text: write 7; ")]
    [InlineData("""{"kind":["valve"],"stat":["x"]}""", "detail.items[1].stat", null, "detail.items[1] has 'state'; ")]
    [InlineData("""{"kind":["valve"],"state":["low"]}""", "detail.items[0].kind", "\"tank\"", "detail.items[1] has that; of 3 ")]
    public void In_an_array_the_element_that_comes_nearest_is_shown(string pattern, string path, string? has, string hint)
    {
        var found = Assert.Single(Find($$"""{"items":{{pattern}}}""", Items));
        Assert.Equal((path, has), (found.Path, found.Has));
        Assert.StartsWith(hint, found.Hint, StringComparison.Ordinal);
        var end = path.Contains("[1]", StringComparison.Ordinal) ? Nearest : "one element must match all";
        Assert.EndsWith(end, found.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_element_may_have_is_said_of_the_first_that_has_it()
    {
        var found = Assert.Single(Find("""{"items":{"state":[{"exists":false}]}}""", Items));
        Assert.Equal(
            "detail.items[0].state wants no value, and the event has \"low\"; none of the 3 elements may have it",
            found.ToString());
    }

    [Theory]
    [InlineData(
        """{"a":{"b":{"c":["x"],"d":["y"]}}}""",
        """{"a":[{"b":[{"c":"z"}]},{"b":[{"c":"z"},{"c":"x","d":"Y"}]}]}""",
        "detail.a[1].b[1].d")]
    [InlineData("""{"a":{"c":["x"],"d":["y"]}}""", """{"a":[[{"c":"z"}],[{"c":"x","d":"w"}]]}""", "detail.a[1][0].d")]
    [InlineData("""{"a":{"c":["x"]}}""", """{"a":[]}""", "detail.a.c")]
    [InlineData("""{"a":{"c":["x"]}}""", """{"a":[{"c":"y"}]}""", "detail.a[0].c")]
    public void Arrays_inside_arrays_are_followed(string pattern, string detail, string path) =>
        Assert.Equal(path, Assert.Single(Find(pattern, detail)).Path);

    [Theory]
    [InlineData("""{"a":["open"]}""", """{"a":[["shut"],["Open"]]}""", "\"open\", and the event has [[\"shut\"],[\"Open\"]]; " + Case)]
    [InlineData("""{"a":["open"]}""", """{"a":" open"}""", "\"open\", and the event has \" open\"; only spaces at the ends differ")]
    [InlineData("""{"a":["open"]}""", """{"a":"Open "}""", "; only spaces at the ends and upper and lower case differ")]
    [InlineData("""{"a":[{"prefix":"eu-"}]}""", """{"a":" eu-1"}""", "\" eu-1\"; only spaces at the ends differ")]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":"x.png\n"}""", "\"x.png\\n\"; only spaces at the ends differ")]
    [InlineData("""{"a":[{"suffix":".PNG"}]}""", """{"a":"x.png "}""", "; only spaces at the ends and upper and lower case differ")]
    [InlineData("""{"a":[{"equals-ignore-case":"open"}]}""", """{"a":" OPEN"}""", "; only spaces at the ends differ")]
    [InlineData("""{"a":[{"prefix":{"equals-ignore-case":"eu-"}}]}""", """{"a":" EU-1"}""", "; only spaces at the ends differ")]
    [InlineData("""{"a":[{"wildcard":"dir/*.png"}]}""", """{"a":"dir/x.PNG"}""",
        "; only upper and lower case differ, and a wildcard takes no other case")]
    [InlineData("""{"a":[{"wildcard":"i-*"}]}""", """{"a":" i-1"}""", "\" i-1\"; only spaces at the ends differ")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.0.1 "}""", "; only spaces at the ends differ")]
    [InlineData("""{"a":["i-0abc"]}""", """{"a":"arn:aws:ec2:eu-central-1:1:instance/i-0abc"}""",
        "; the event's text ends with that; {\"suffix\": \"i-0abc\"} takes it")]
    [InlineData("""{"a":["arn:aws:ec2:eu-central-1:1:instance/i-0abc"]}""", """{"a":"i-0abc"}""",
        "; the event has only the end of that: write \"i-0abc\"")]
    [InlineData("""{"a":["Tank"]}""", """{"a":"Tank Level"}""", "; the event's text starts with that; {\"prefix\": \"Tank\"} takes it")]
    [InlineData("""{"a":["Tank Level"]}""", """{"a":"Tank"}""", "; the event has only the start of that: write \"Tank\"")]
    [InlineData("""{"a":["ab"]}""", """{"a":"abc"}""", "; ", false)]
    [InlineData("""{"a":["abc"]}""", """{"a":""}""", "; ", false)]
    [InlineData("""{"a":[4]}""", """{"a":"4.0"}""", "; the event has text, and the pattern a number: write \"4.0\"")]
    [InlineData("""{"a":["4"]}""", """{"a":4.0}""", "; the event has a number, and the pattern text: write 4.0")]
    [InlineData("""{"a":["4"]}""", """{"a":"4.0"}""", "; the same number is written in another way, and texts are compared as they are")]
    [InlineData("""{"a":[4]}""", """{"a":"4 l"}""", "; ", false)]
    [InlineData("""{"a":[{"prefix":"i-*"}]}""", """{"a":"i-1"}""",
        "; in prefix a * is a plain letter; it is any text only in {\"wildcard\": ...}")]
    [InlineData("""{"a":[{"suffix":"*.png"}]}""", """{"a":"x.png"}""", "; in suffix a * is a plain letter; ")]
    [InlineData("""{"a":[{"wildcard":"i-?"}]}""", """{"a":"i-1"}""", "; in wildcard a ? is a plain letter, and only a * is any text")]
    [InlineData("""{"a":["10.0.0.0/24"]}""", """{"a":"10.0.0.7"}""", "; a network takes its addresses only in {\"cidr\": \"10.0.0.0/24\"}")]
    [InlineData("""{"a":["null"]}""", """{"a":null}""", "; the event has null, and the pattern text: write null")]
    [InlineData("""{"a":[null]}""", """{"a":"null"}""", "; the event has text, and the pattern null: write \"null\"")]
    [InlineData("""{"a":["evel"]}""", """{"a":"Tank Level 5"}""",
        "; the event's text has that inside; {\"wildcard\": \"*evel*\"} takes it")]
    [InlineData("""{"a":["\u00e9"]}""", """{"a":"e\u0301"}""", "wants \"\u00e9\", and the event has \"e\\u0301\"")]
    [InlineData("""{"a":["e\u0301"]}""", """{"a":"\u00e9"}""", "wants \"e\\u0301\", and the event has \"\\u00e9\"")]
    [InlineData("""{"a":["\u212a"]}""", """{"a":"K"}""", "wants \"\\u212a\", and the event has \"K\"")]
    [InlineData("""{"a":["ΟΔΟΣ"]}""", """{"a":"οδος"}""", "; only upper and lower case differ, and equals-ignore-case does not take both")]
    [InlineData("""{"a":["o*"]}""", """{"a":"open"}""", "\"o*\", and the event has \"open\"; a * is any text only in {\"wildcard\": ...}")]
    [InlineData("""{"a":[7]}""", """{"a":"7"}""", "7, and the event has \"7\"; the event has text, and the pattern a number: write \"7\"")]
    [InlineData("""{"a":[true]}""", """{"a":"true"}""", "true, and the event has \"true\"; the event has text, and the pattern true or")]
    [InlineData("""{"a":[{"numeric":[">",80]}]}""", """{"a":"81"}""",
        "a number > 80, and the event has \"81\"; the event has the number 81 as text, and numeric takes a number without quotes")]
    [InlineData("""{"a":[{"numeric":[">",80]}]}""", """{"a":"full"}""", "; the event has text, and numeric takes a number")]
    [InlineData("""{"a":[{"prefix":"EU-"}]}""", """{"a":"eu-1"}""",
        "that starts with \"EU-\", and the event has \"eu-1\"; " + Case + "{\"prefix\": {\"equals-ignore-case\": \"EU-\"}} takes both")]
    [InlineData("""{"a":[{"suffix":".PNG"}]}""", """{"a":"x.png"}""", "text that ends with \".PNG\", and the event has \"x.png\"; " + Case)]
    [InlineData("""{"a":[{"suffix":"5"}]}""", """{"a":5}""", "and the event has 5; the event has a number, and suffix takes")]
    [InlineData("""{"a":["x"]}""", """{"a":{"b":"x"}}""", "\"x\", and the event has {\"b\":\"x\"}; the event has an object there")]
    [InlineData("""{"a":["x"]}""", """{"a":[]}""", "\"x\", and the event has []; an empty array has no value")]
    [InlineData("""{"a":["x"]}""", """{"b":{"a":"y"}}""", "\"x\", and the event has nothing there; the event has 'a' at detail.b.a")]
    [InlineData("""{"a":["x"]}""", """{"c":{"a":"y"},"b":{"a":"x"}}""",
        "nothing there; the event has the field 'a' at detail.b.a, and it matches")]
    [InlineData("""{"state":["x"]}""", """{"stat":"y"}""", "nothing there; detail has 'stat'")]
    [InlineData("""{"source":["x"]}""", """{"eventSource":"y"}""", "nothing there; the event has 'source' at source")]
    [InlineData("""{"state":["running"]}""", """{"status":"running"}""", "nothing there; the event has \"running\" at detail.status")]
    [InlineData("""{"phase":["running"]}""", """{"status":"running"}""", "nothing there; the event has \"running\" at detail.status")]
    [InlineData("""{"phase":["x"]}""", """{"b":1,"c":2}""", "nothing there; detail has b, c")]
    [InlineData("""{"a":{"b":["x"]}}""", """{"a":"{\"b\":\"x\"}"}""", "nothing there; the event has JSON as text at detail.a")]
    [InlineData("""{"a":{"b":["x"]}}""", """{"a":5}""", "nothing there; the event has a number at detail.a, not an object")]
    public void What_is_near_is_said(string pattern, string detail, string expected, bool isSaid = true) =>
        Assert.Equal(isSaid, Assert.Single(Find(pattern, detail)).ToString().Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("""["a", 5, null]""", "\"a\" or 5 or null")]
    [InlineData("""[{"exists": false}, {"exists": true}]""", "no value or any value")]
    [InlineData("""[{"prefix": {"equals-ignore-case": "a"}}]""", "text that starts with \"a\" in upper or lower case")]
    [InlineData("""[{"equals-ignore-case": "a"}]""", "\"a\" in upper or lower case")]
    [InlineData("""[{"wildcard": "a*"}]""", "text like \"a*\"")]
    [InlineData("""[{"cidr": "10.0.0.0/8"}]""", "an address in 10.0.0.0/8")]
    [InlineData("""[{"numeric": [">", 0, "<=", 5.5]}]""", "a number > 0 and <= 5.5")]
    [InlineData("""[{"anything-but": "a"}]""", "anything but \"a\"")]
    [InlineData("""[{"anything-but": [1, 2]}]""", "anything but 1 or 2")]
    [InlineData("""[{"anything-but": {"prefix": ["a", "b"]}}]""", "anything that does not start with \"a\" or \"b\"")]
    [InlineData("""[{"anything-but": {"suffix": "a"}}]""", "anything that does not end with \"a\"")]
    [InlineData("""[{"anything-but": {"wildcard": "a*"}}]""", "anything that is not like \"a*\"")]
    [InlineData("""[{"anything-but": {"equals-ignore-case": "a"}}]""", "anything but \"a\" in upper or lower case")]
    [InlineData("[1,2,3,4,5,6,7,8,9,10]", "1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 2 more")]
    public void What_a_field_wants_is_said_in_words(string tests, string words)
    {
        Assert.NotNull(PatternText.Read($$"""{"a":{{tests}}}""", out _));
        Assert.Equal(words, WantedValue.Words(JsonDocument.Parse(tests).RootElement));
    }

    [Fact]
    public void The_search_for_what_is_near_is_bounded()
    {
        var wants = string.Join(',', Enumerable.Range(0, 49).Select(i => $"\"w{i}\"").Append("\"open\""));
        var numbers = string.Join(',', Enumerable.Repeat("1", 100_000));
        var (pattern, detail) = ($$"""{"a":[{{wants}}]}""", $$"""{"a":["Open",{{numbers}}]}""");
        // What is needed once is there.
        Find(pattern, detail);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = Assert.Single(Find(pattern, detail));
        // All pairs would be 5 million.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
        Assert.StartsWith(Case, found.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_that_fails_is_named_in_the_order_of_the_pattern()
    {
        const string Pattern = """{"z":["1"],"a.b":["2"],"y":["ok"],"$or":[{"p":["3"]},{"q":["4"]}],"a":{"c":["5"]},"b":["6"]}""";
        var found = Find(Pattern, """{"y":"ok"}""");
        Assert.Equal(["detail.z", "detail.a.b", "detail.$or", "detail.a.c", "detail.b"], found.Select(one => one.Path));
        // What is near is said once.
        Assert.Equal(["detail has y", "", "", "detail has y", ""], found.Select(one => one.Hint));
    }

    [Fact]
    public void Comments_in_the_pattern_are_left_out()
    {
        var found = Assert.Single(Find("""{"a":[/* open */ "x", {"prefix": /* or */ "y"}]}""", """{"a":"z"}"""));
        Assert.Equal("[\"x\",{\"prefix\":\"y\"}]", found.Wants);
        Assert.Equal("detail.a wants \"x\" or text that starts with \"y\", and the event has \"z\"", found.ToString());
    }

    [Fact]
    public void Of_or_the_alternative_that_comes_nearest_is_the_first()
    {
        const string Pattern = """{"$or":[{"a":["x"],"b":["y"]},{"a":["1"],"$or":[{"b":["z"]},{"c":["z"]}]},{"a":["2"],"b":["2"]}]}""";
        var or = Assert.Single(Find(Pattern, """{"a":"1","b":"y"}"""));
        Assert.Equal(
            [
                "detail.$or: none of its 3 alternatives matches",
                "  the nearest alternative:",
                "    detail.a wants \"x\", and the event has \"1\"",
                "  or:",
                "    detail.$or: none of its 2 alternatives matches",
                "      the nearest alternative:",
                "        detail.b wants \"z\", and the event has \"y\"",
                "      or:",
                "        detail.c wants \"z\", and the event has nothing there; detail has a, b",
                "  or:",
                "    detail.a wants \"2\", and the event has \"1\"",
                "    detail.b wants \"2\", and the event has \"y\"",
            ],
            or.Lines().Select(line => new string(' ', 2 * line.Depth) + line.Text));
    }

    [Fact]
    public void What_only_asks_for_absence_makes_no_alternative_the_nearest()
    {
        const string Pattern = """{"$or":[{"gone":[{"exists":false}],"a":["x"]},{"b":["y"],"a":["z"]}]}""";
        var or = Assert.Single(Find(Pattern, """{"a":"1","b":"y"}"""));
        Assert.Equal(["\"z\"", "\"x\""], or.Alternatives.Select(fields => Assert.Single(fields).Words));
    }

    [Theory]
    [InlineData("""{"a":["x"]}""", """{"a":{"app.io/name":"x"}}""", """{"app.io/name":"x"}""")]
    [InlineData("""{"a":{"b":["x"]}}""", """{"a.b":{"c.d":1}}""", """{"c.d":1}""")]
    [InlineData("""{"a":{"b":["x"]}}""", """{"a":[{"b":{"c.d":1}}]}""", """{"c.d":1}""")]
    // These are no values of the event as it was sent.
    [InlineData("""{"a":["x"]}""", """{"a.b":1}""", """{"b":1}""")]
    [InlineData("""{"a":["x"]}""", """{"a":{"b":1},"a.c":2}""", """{"b":1,"c":2}""")]
    public void A_value_is_shown_as_it_was_sent(string pattern, string detail, string has) =>
        Assert.Equal(has, Assert.Single(Find(pattern, detail)).Has);

    [Fact]
    public void Values_are_shown_on_one_line_without_hidden_characters_and_cut()
    {
        var text = $"x\\n\\u001b[31m{HiddenCharacters.All}\\\"{new string('\u00e9', 2_000)}";
        var detail = $$"""{"a":"{{text}}", "b" : [1, {"c d":"e f"}], "i\u202e":1}""";
        var found = Find("""{"a":["y"],"b":["y"],"c":["y"]}""", detail);
        var hidden = found.SelectMany(one => one.ToString()).Where(one => char.IsControl(one) || HiddenCharacters.All.Contains(one));
        Assert.Empty(hidden);
        Assert.StartsWith("\"x\\n\\u001b[31m\\u007f", found[0].Has!, StringComparison.Ordinal);
        Assert.EndsWith("\u00e9\u00e9...", found[0].Has!, StringComparison.Ordinal);
        Assert.InRange(found[0].ToString().Length, 120, 250);
        Assert.Equal("[1,{\"c d\":\"e f\"}]", found[1].Has);
        Assert.Equal("detail has a, b, i\\u202e", found[2].Hint);
        // No half of a character is left at the end.
        var emoji = Assert.Single(Find("""{"a":["y"]}""", $$"""{"a":"x{{string.Concat(Enumerable.Repeat("\U0001f600", 1_000))}}"}""")).Has!;
        Assert.All(emoji[..^3].EnumerateRunes(), rune => Assert.NotEqual(Rune.ReplacementChar, rune));
    }

    [Fact]
    public void Every_event_of_the_page_that_does_not_match_has_a_field_that_fails_and_no_other_has()
    {
        var rows = System.Text.RegularExpressions.Regex.Matches(
            MarkdownPage.Open("docs/patterns.md").Text, "(?m)^\\| `([^`]+)` \\| `([^`]+)` \\| (yes|no) \\|");
        Assert.InRange(rows.Count, 40, 200);
        Assert.All(rows.Select(row => row.Groups), row => Assert.Equal(row[3].Value == "yes", Law(row[1].Value, row[2].Value)));
    }

    /// <summary>Whether the pattern matches. It does exactly when no field fails.</summary>
    private static bool Law(string pattern, string json)
    {
        var compiled = PatternText.Read(pattern, out _)!;
        var element = PatternText.AsSeen(JsonDocument.Parse(json).RootElement);
        var isMatch = compiled.Matches(element);
        Assert.Equal(isMatch, PatternExplanation.Find(compiled, Encoding.UTF8.GetBytes(pattern), element, element).Count == 0);
        return isMatch;
    }

    private static IReadOnlyList<FailedField> Find(string pattern, string detail)
    {
        var text = Encoding.UTF8.GetBytes(
            "{\"routes\":[{\"name\":\"a\",\"when\":{\"detail\":" + pattern + "},\"do\":[{\"handler\":{\"name\":\"x\"}}]}]}");
        var problems = new JsonProblems("routes.json", text);
        var routes = RoutesDocument.Compile(text, problems);
        Assert.True(routes is not null, problems.ToString());
        var items = Matcher.Of(routes).Match(Encoding.UTF8.GetBytes(RouterFixture.Event(detail)), out _);
        return Assert.Single(Assert.Single(items).Routes).Fields;
    }
}
