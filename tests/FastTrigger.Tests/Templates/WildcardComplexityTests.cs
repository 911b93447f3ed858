using FastTrigger.Cli.Templates;

namespace FastTrigger.Tests.Templates;

/// <summary>
/// EventBridge refuses a rule whose wildcards are too complex. The numbers are those that the tests of AWS's open engine have for the same
/// wildcards, and the last rows are rules that EventBridge took and refused (github.com/vals-ai/Valkyrie/pull/278).
/// </summary>
public sealed class WildcardComplexityTests
{
    [Theory]
    [InlineData(2, "a*b")]
    [InlineData(2, "aa*")]
    [InlineData(2, "a*bc")]
    [InlineData(3, "a*bb")]
    [InlineData(3, "a*bcb")]
    [InlineData(4, "a*bbb")]
    [InlineData(4, "a*bb*")]
    [InlineData(5, "a*b*bb")]
    [InlineData(4, "a*b*cb")]
    [InlineData(3, "a*b*cd")]
    [InlineData(7, "*ab*b*b*")]
    [InlineData(7, "a*aaa", "aa*aa")]
    [InlineData(6, "ab*cd", "ab*wx", "ab*yz")]
    [InlineData(2, "ab*c", "ab*c")]
    [InlineData(11, "*a*a*a*a*a*a*a*a*")]
    [InlineData(9, "*:stack/one/*", "*:stack/two/*", "*:stack/red/*")]
    [InlineData(11, "*:stack/one/*", "*:stack/two/*", "*:stack/red/*", "*:stack/blue/*")]
    public void The_wildcards_of_a_field_count_as_in_AWS_open_engine(int complexity, params string[] wildcards) =>
        Assert.Equal(complexity, WildcardComplexity.Of(wildcards.Select(text => (string[])[text])));

    [Fact]
    public void Wildcards_of_one_operator_count_their_common_beginning_once()
    {
        Assert.Equal(6, WildcardComplexity.Of([["ab*cd"], ["ab*wx"], ["ab*yz"]]));
        Assert.Equal(2, WildcardComplexity.Of([["ab*cd", "ab*wx", "ab*yz"]]));
        Assert.Equal(2, WildcardComplexity.Of([[@"a\*a\*a\*a\*a\*a\*a*b"]]));
    }

    [Fact]
    public void A_rule_that_is_too_complex_is_refused_at_its_route_and_names_the_field()
    {
        string Route(string name, string tests) =>
            $$$"""
            {"name":"{{{name}}}","when":{"source":["x"],"$or":[{"detail":{"a":[{{{tests}}}]}},{"id":["y"]}]},
              "do":[{"handler":{"name":"h"}}]}
            """;
        const string Star = """{"wildcard":"*:stack/NAME/*"}""";
        string Stars(params string[] names) =>
            string.Join(',', names.Select(name => Star.Replace("NAME", name, StringComparison.Ordinal)));
        var template = new GeneratedTemplate(
            Route("fine", Stars("one", "two", "red")),
            Route("complex", Stars("one", "two", "red", "blue")),
            Route("negated", """{"anything-but":{"wildcard":["*a*a*a*a*a*a*"]}}"""));
        Assert.Equal(["complex", "negated"], template.Problems.Select(problem => problem.Split('\'')[1]));
        Assert.All(template.Problems, problem => Assert.Contains(
            "EventBridge refuses the rule as too complex, because of the wildcards of 'detail.a'", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void An_event_bus_takes_thirty_rules_with_wildcards()
    {
        string[] Routes(int count) =>
        [
            .. Enumerable.Range(0, count)
                .Select(i => $$$"""{"name":"r{{{i}}}","when":{"source":[{"wildcard":"a*b"}]},"do":[{"handler":{"name":"h"}}]}"""),
        ];
        Assert.Empty(new GeneratedTemplate(Routes(30)).Problems);
        Assert.Contains(
            "the template has 31 rules with wildcards, and an event bus takes 30 at most",
            Assert.Single(new GeneratedTemplate(Routes(31)).Problems),
            StringComparison.Ordinal);
    }
}
