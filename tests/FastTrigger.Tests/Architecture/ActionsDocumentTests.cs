using FastTrigger.Actions;
using FastTrigger.Actions.Tagging;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>docs/actions.md has a section for every action, and names every call of EC2 whose resources are tagged.</summary>
public sealed class ActionsDocumentTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(TestEnvironment.Root, "docs", "actions.md"));

    [Fact]
    public void Every_action_has_a_section_that_leads_to_its_settings() =>
        Assert.All(ActionKinds.Names, action =>
        {
            var start = s_text.IndexOf($"\n## {action}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, $"there is no section {action}");
            var end = s_text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
            Assert.Contains($"(routes.md#{action})", s_text[start..end], StringComparison.Ordinal);
        });

    [Fact]
    public void Every_call_whose_resources_are_tagged_is_documented()
    {
        foreach (var (call, _) in CreatingCalls.All)
        {
            Assert.Matches($@"\b{call}\b", s_text);
        }
    }
}
