using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

public sealed class AlternativesTests
{
    [Theory]
    [InlineData(10, false)]
    [InlineData(32, true)]
    public void Alternatives_have_at_most_a_thousand_combinations(int each, bool isRefused)
    {
        string Or(string name) => $"{{\"$or\":[{string.Join(',', Enumerable.Range(0, each).Select(i => $"{{\"{name}{i}\":[1]}}"))}]}}";
        var pattern = PatternText.Read($"{{\"x\":{Or("a")},\"y\":{Or("b")}}}", out var problems);
        Assert.Equal(isRefused, pattern is null);
        Assert.Equal(isRefused, problems.Contains("have over 1000 combinations of alternatives", StringComparison.Ordinal));
    }

    [Fact]
    public void Combinations_beyond_the_largest_integer_are_too_many()
    {
        // 4 to the power of 32 is 0 in 64 bits.
        var fields = Enumerable.Range(0, 32).Select(i => $$"""
            "a{{i}}":{"$or":[{"b":[1]},{"c":[1]},{"d":[1]},{"e":[1]}]}
            """);
        Assert.Null(PatternText.Read($"{{{string.Join(',', fields)}}}", out var problems));
        Assert.Contains("have over 1000 combinations of alternatives", problems, StringComparison.Ordinal);
    }

    /// <summary>One element of an array must match all fields of an object, also where some of them stand in an alternative.</summary>
    [Theory]
    [InlineData("""{"a":{"b":["x"]},"$or":[{"a":{"d":["y"]}},{"c":[1]}]}""", """{"a":[{"b":"x"},{"d":"y"}]}""", false)]
    [InlineData("""{"a":{"b":["x"]},"$or":[{"a":{"d":["y"]}},{"c":[1]}]}""", """{"a":[{"b":"x"},{"b":"x","d":"y"}]}""", true)]
    [InlineData("""{"a":{"b":["x"]},"$or":[{"a":{"d":["y"]}},{"c":[1]}]}""", """{"a":[{"b":"x"},{"d":"y"}],"c":1}""", true)]
    [InlineData("""{"$or":[{"a.b":["x"]},{"q":[1]}],"a.d":["y"]}""", """{"a":[{"b":"x"},{"d":"y"}]}""", false)]
    [InlineData("""{"$or":[{"$or":[{"a.b":["x"]},{"r":[1]}]},{"q":[1]}],"a.d":["y"]}""", """{"a":[{"b":"x"},{"d":"y"}]}""", false)]
    [InlineData("""{"o":{"a":{"b":["x"]},"$or":[{"a":{"d":["y"]}},{"c":[1]}]}}""", """{"o":{"a":[{"b":"x"},{"d":"y"}]}}""", false)]
    [InlineData("""{"a":{"b":["x"]},"$or":[{"a":{"c":[{"exists":false}]}},{"z":[1]}]}""", """{"a":[{"b":"x"},{"c":1}]}""", true)]
    [InlineData("""{"a":{"c":[{"exists":false}]},"$or":[{"a":{"b":["x"]}},{"z":[1]}]}""", """{"a":[{"b":"x"},{"c":1}]}""", true)]
    [InlineData("""{"a":{"c":[{"exists":false}]},"$or":[{"a":{"b":["x"]}},{"z":[1]}]}""", """{"a":[{"b":"y"},{"c":1}],"z":1}""", false)]
    public void An_object_beside_or_and_inside_is_one_object(string pattern, string json, bool matches)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(matches, PatternText.Read(pattern, out _)!.Matches(document.RootElement));
    }

    [Theory]
    [InlineData("=", "<", "<=", ">", ">=")]
    [InlineData("regex", "not-wildcard", "not-equals-ignore-case")]
    [InlineData("date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range")]
    [InlineData("ip-address-in-range", "ip-address-not-in-range", "exactly", "cidr")]
    public void A_name_that_EventBridge_reserves_is_no_field_inside_or(params string[] names)
    {
        foreach (var name in names)
        {
            foreach (var inside in (string[])[$$"""{"{{name}}":["x"]}""", $$"""{"b":{"c":{"{{name}}":["x"]} } }"""])
            {
                Assert.Null(PatternText.Read($$"""{"$or":[{"a":["x"]},{{inside}}]}""", out var problems));
                Assert.Contains($"'{name}' is reserved for an operator, and cannot be a field", problems, StringComparison.Ordinal);
                Assert.True(PatternText.Read(inside, out problems) is not null, problems);
            }
        }
    }
}
