using FastTrigger.Core;
using FastTrigger.Json;
using FastTrigger.Tests.Support;
using FastTrigger.Values;

namespace FastTrigger.Tests.Values;

public sealed class ValueTemplateTests
{
    private const string Event = """
        {
          "id": "id-1",
          "source": "plant",
          "detail-type": "t",
          "detail": {
            "valve": "V-17", "level": 91.5, "open": true, "none": null, "empty": "", "object": {}, "list": ["a", "b"],
            "any key": { "x.y": "deep" },
            "items": [{ "id": "i-1" }, { "id": "i-2" }, { "other": 1 }]
          }
        }
        """;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("valve ${event.detail.valve} at ${event.detail.level}: ${event.detail.open}", "valve V-17 at 91.5: true")]
    [InlineData("${event.detail.list[1]}", "b")]
    [InlineData("${event.detail['any key']['x.y']}", "deep")]
    [InlineData("${event['detail-type']}", "t")]
    [InlineData("ids: ${event.detail.items[*].id}", "ids: i-1,i-2")]
    [InlineData("${event.detail.empty}", "")]
    [InlineData("${event.detail.nope ?? 'it''s }'}", "it''s }")]
    [InlineData("${event.detail.none ?? ''}", "")]
    [InlineData("${event.detail.valve ?? 'x'}", "V-17")]
    [InlineData("$${event.detail.valve} costs $5", "${event.detail.valve} costs $5")]
    [InlineData("${item.id}/${item.source}/${route.name}/${env.SITE}", "id-1/eventbridge/a-route/https://site")]
    [InlineData("${owner ?? 'nobody'}", "nobody")]
    public void A_template_is_evaluated_C1_5(string template, string expected) =>
        Assert.Equal((ValueKind.Text, expected), Evaluate(template));

    [Fact]
    public void A_template_of_one_list_stays_a_list_C1_5()
    {
        var value = Parse("${event.detail.items[*].id}", ValueRule.Anything, out _).Evaluate(Scope());
        Assert.Equal(ValueKind.List, value.Kind);
        Assert.Equal(["i-1", "i-2"], value.Items);
    }

    [Theory]
    [InlineData("${event.detail.nope}", ValueKind.Missing, "event.detail.nope")]
    [InlineData("x${event.detail.none}", ValueKind.Missing, "event.detail.none")]
    [InlineData("${event.detail.list[7]}", ValueKind.Missing, "event.detail.list[7]")]
    [InlineData("${event.detail.items[*].nope}", ValueKind.Missing, "event.detail.items[*].nope")]
    [InlineData("${env.NOPE}", ValueKind.Missing, "the environment variable NOPE")]
    [InlineData("${event.detail.object}", ValueKind.Refused, "event.detail.object is an object")]
    [InlineData("${event.detail.list}", ValueKind.Refused, "event.detail.list is an array")]
    [InlineData("${owner}", ValueKind.Nobody, "no detail.userIdentity")]
    [InlineData("${email}", ValueKind.Missing, "email")]
    public void A_missing_value_is_named_C1_5(string template, object kind, string text)
    {
        var (found, shown) = Evaluate(template);
        Assert.Equal(kind, found);
        Assert.Contains(text, shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Now_is_a_time() => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Evaluate("${now}").Text);

    [Theory]
    [InlineData("${nope}", "is not known")]
    [InlineData("${event}", "is not known")]
    [InlineData("${event.detail", "without a closing }")]
    [InlineData("${event..x}", "a path is written with")]
    [InlineData("${event.a[x]}", "a path is written with")]
    [InlineData("${event.a ?? x}", "in single quotes")]
    [InlineData("${ssm:/plant key}", "a parameter's name is")]
    [InlineData("${env.}", "is not known")]
    public void An_invalid_template_is_a_mistake(string template, string problem)
    {
        Parse(template, ValueRule.Anything, out var problems);
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${event.detail.valve}")]
    [InlineData("${item.id}")]
    [InlineData("${owner}")]
    [InlineData("${email ?? 'x'}")]
    public void Event_text_is_refused_where_it_is_not_allowed_C1_6(string template)
    {
        Parse(template, ValueRule.NoEvent, out var problems);
        Assert.Contains("text from an event may not go here", problems, StringComparison.Ordinal);
        Parse("${env.SITE}${route.name}", ValueRule.NoEvent, out problems);
        Assert.Empty(problems);
    }

    private static (ValueKind Kind, string Text) Evaluate(string template)
    {
        var parsed = Parse(template, ValueRule.Anything, out var problems);
        Assert.Empty(problems);
        var value = parsed.Evaluate(Scope());
        return (value.Kind, value.Joined);
    }

    private static ValueScope Scope() => new(
        Items.Read(Event),
        "a-route",
        name => name == "SITE" ? "https://site" : null,
        Clock.System,
        name => name == "/plant/key" ? ValueResult.Of("secret") : ValueResult.Missing($"the parameter {name}"));

    private static ValueTemplate Parse(string template, ValueRule rule, out string problems)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(template, FastTrigger.Cli.LocalAws.WorldJson.Default.String);
        var found = new JsonProblems("file", text);
        var parsed = ValueTemplate.Parse(JsonNodeReader.Read(text, found)!.Value, rule, found);
        problems = found.ToString();
        return parsed;
    }
}
