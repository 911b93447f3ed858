using System.Text.RegularExpressions;
using FastTrigger.Actions;
using FastTrigger.Actions.Tagging;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Architecture;

/// <summary>docs/actions.md says what the code takes, which the schema is held against by another test.</summary>
public sealed partial class ActionsDocumentTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(TestEnvironment.Root, "docs", "actions.md"));

    public static TheoryData<string> Actions => [.. ActionKinds.Names];

    [Theory]
    [MemberData(nameof(Actions))]
    public void Every_setting_of_an_action_is_in_its_table_and_nothing_else(string action)
    {
        var start = s_text.IndexOf($"\n## {action}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"there is no section {action}");
        var end = s_text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        var documented = Rows().Matches(s_text[start..end]).SelectMany(row => Names().Matches(row.Groups[1].Value).Select(name => name.Groups[1].Value)).Order(StringComparer.Ordinal);
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(TestEnvironment.Root, "build", "routes.schema.json")))!;
        Assert.Equal(schema["$defs"]![action]!["properties"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal), documented);
    }

    [Fact]
    public void Every_call_whose_resources_are_tagged_is_named()
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
