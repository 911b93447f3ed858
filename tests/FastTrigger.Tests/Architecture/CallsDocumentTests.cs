using System.Text.RegularExpressions;
using FastTrigger.Tests.Actions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>The table "What each action calls" of docs/actions.md has what the actions state, and nothing else.</summary>
public sealed partial class CallsDocumentTests
{
    [Fact]
    public void Every_call_is_in_the_table_and_nothing_else()
    {
        var text = File.ReadAllText(Path.Combine(TestEnvironment.Root, "docs", "actions.md"));
        var start = text.IndexOf("\n### What each action calls\n", StringComparison.Ordinal);
        Assert.True(start >= 0, "docs/actions.md has no section 'What each action calls'");
        var end = text.IndexOf("\n### ", start + 1, StringComparison.Ordinal);
        var documented = Row().Matches(text[start..end]).Select(row => row.Value);
        var stated = EveryCall.Calls.GroupBy(call => (call.Maker, call.Call.Operation, call.Call.Purpose)).Select(group =>
        {
            var (maker, operation, purpose) = group.Key;
            return $"| {maker} | {operation.IamAction} | {(operation.Changes ? "yes" : "no")} | {purpose} |";
        });
        Assert.Equal(stated.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    /// <summary>A row with an operation: the head has none.</summary>
    [GeneratedRegex(@"^\| [^|]+ \| [a-z0-9]+:[A-Za-z]+ \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
