using System.Text.RegularExpressions;
using FastTrigger.Actions;
using FastTrigger.Actions.Tagging;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Architecture;

/// <summary>docs/actions.md lists the settings of the schema. Another test compares the schema with the code.</summary>
public sealed partial class ActionsDocumentTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(TestEnvironment.Root, "docs", "actions.md"));

    public static TheoryData<string> Actions => [.. ActionKinds.Names];

    [Theory]
    [MemberData(nameof(Actions))]
    public void The_table_of_an_action_lists_exactly_its_settings(string action)
    {
        var start = s_text.IndexOf($"\n## {action}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"there is no section {action}");
        var end = s_text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        var documented = Rows().Matches(s_text[start..end])
            .SelectMany(row => Names().Matches(row.Groups[1].Value))
            .Select(name => name.Groups[1].Value);
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestEnvironment.Root, "build", "routes.schema.json")))!;
        var settings = schema["$defs"]![action]!["properties"]!.AsObject().Select(member => member.Key);
        Assert.Equal(settings.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_call_whose_resources_are_tagged_is_documented()
    {
        foreach (var (call, _) in CreatingCalls.All)
        {
            Assert.Matches($@"\b{call}\b", s_text);
        }
    }

    [GeneratedRegex("^\\| (`[^|]*`) \\|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Names();
}
