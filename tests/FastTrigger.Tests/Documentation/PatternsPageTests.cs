using System.Text.RegularExpressions;
using FastTrigger.Fuzzing.Pairs;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Documentation;

/// <summary>Every row of docs/patterns.md does what it says.</summary>
public sealed partial class PatternsPageTests
{
    private static readonly string s_text = MarkdownPage.Open("docs/patterns.md").Text;

    [Fact]
    public void Every_event_matches_as_the_page_says()
    {
        var rows = EventRow().Matches(s_text);
        Assert.InRange(rows.Count, 40, 200);
        foreach (var row in rows.Select(row => row.Groups))
        {
            using var document = JsonDocument.Parse(row["event"].Value);
            var pattern = PatternText.Read(row["pattern"].Value, out var problems);
            Assert.True(pattern is not null, $"{row["pattern"]}: {problems}");
            Assert.True(pattern.Matches(PatternText.AsSeen(document.RootElement)) == (row["matches"].Value == "yes"), row[0].Value);
            var reference = new PatternReference().Matches(row["pattern"].Value, row["event"].Value);
            Assert.True(reference == (row["matches"].Value == "yes"), $"the reference does not say so: {row[0]}");
        }
    }

    [Fact]
    public void Every_refused_pattern_is_refused_with_its_message()
    {
        var rows = RefusedRow().Matches(s_text);
        Assert.InRange(rows.Count, 10, 50);
        foreach (var row in rows.Select(row => row.Groups))
        {
            Assert.Null(PatternText.Read(row["pattern"].Value, out var problems));
            Assert.Contains(row["message"].Value, problems, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_operator_has_rows_and_no_row_is_left_out()
    {
        Assert.Null(PatternText.Read("""{"a":[{"?":"x"}]}""", out var problems));
        var operators = problems[(problems.IndexOf("; use ", StringComparison.Ordinal) + 6)..].Trim().Split(", ")
            .SelectMany(names => names.Split(" or "));
        Assert.All(operators, name => Assert.Matches($"(?m)^\\| `[^`]*\"{name}\": [^`]*` \\| `[^`]*` \\| yes \\|", s_text));
        var patterns = MarkdownPage.Open("docs/patterns.md").Lines.Count(line => line.StartsWith("| `{", StringComparison.Ordinal));
        Assert.Equal(patterns, EventRow().Count(s_text) + RefusedRow().Count(s_text));
    }

    [GeneratedRegex("^\\| `(?<pattern>[^`]+)` \\| `(?<event>[^`]+)` \\| (?<matches>yes|no) \\|.*\\|$", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex("^\\| `(?<pattern>[^`]+)` \\| `(?<message>[^`]+)` \\|$", RegexOptions.Multiline)]
    private static partial Regex RefusedRow();
}
