using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Documentation;

/// <summary>README, CONTRIBUTING and docs/: short to read, and nothing on them leads nowhere.</summary>
public sealed partial class PagesTests
{
    private const int MaxWords = 30, MaxReadmeLines = 150;

    [Fact]
    public void The_readme_is_short() =>
        Assert.InRange(MarkdownPage.Open("README.md").Lines.Length, 20, MaxReadmeLines);

    [Fact]
    public void No_sentence_is_long() =>
        AssertNone(
            from page in MarkdownPage.All
            from sentence in page.Sentences()
            where sentence.Words > MaxWords
            select $"{page.Name}:{sentence.Line}: {sentence.Words} words, and {MaxWords} is the limit: {sentence.Sentence}");

    [Theory]
    [InlineData("One two. Three four five.", 3)]
    [InlineData("Code `a b c d` is one\nword, on two lines.", 8)]
    [InlineData("A [link of words](to.md#x) counts by its text.", 8)]
    [InlineData("- one two\n- three\n\n| four five six | seven |\n|---|---|\n# eight", 3)]
    [InlineData("```\none two three four\n```\n\n    five six seven\n\neight", 1)]
    public void Words_are_counted_a_sentence(string text, int longest) =>
        Assert.Equal(longest, MarkdownPage.Parse(text).Sentences().Max(sentence => sentence.Words));

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading()
    {
        Assert.Equal(["a", "b-c", "a-1"], MarkdownPage.Parse("# a\n## B, `c`!\n### a").Anchors);
        AssertNone(
            from page in MarkdownPage.All
            from link in page.Links()
            where !link.Target.StartsWith("http", StringComparison.Ordinal) && !Leads(page, link.Target)
            select $"{page.Name}:{link.Line}: {link.Target} does not exist");
    }

    [Fact]
    public void Every_page_is_reached_from_the_readme()
    {
        var reached = new HashSet<string> { "README.md" };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var name))
        {
            var page = MarkdownPage.Open(name);
            var files = page.Links().Select(link => Target(page, link.Target).File).ToHashSet();
            foreach (var next in MarkdownPage.All.Select(other => other.Name).Where(files.Contains).Where(reached.Add))
            {
                open.Enqueue(next);
            }
        }

        AssertNone(MarkdownPage.All.Select(page => page.Name).Except(reached).Select(name => $"no link leads to {name}"));
    }

    [Fact]
    public void Every_path_in_the_text_exists() =>
        AssertNone(
            from page in MarkdownPage.All
            from path in Paths().Matches(page.Text).Select(match => match.Groups[1].Value)
            where !Placeholder().IsMatch(path) && !Path.Exists(Full(path)) && !Path.Exists(Full(Path.Combine("src", "FastTrigger", path)))
            select $"{page.Name}: {path} does not exist");

    private static bool Leads(MarkdownPage page, string link)
    {
        var (file, anchor) = Target(page, link);
        return Path.Exists(Full(file)) && (anchor is null || MarkdownPage.Open(file).Anchors.Contains(anchor));
    }

    private static (string File, string? Anchor) Target(MarkdownPage page, string link)
    {
        var parts = link.Split('#');
        var folder = Path.GetDirectoryName(Full(page.Name))!;
        var file = Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, parts[0])));
        return (parts[0].Length == 0 ? page.Name : file, parts.Length > 1 ? parts[1] : null);
    }

    private static string Full(string file) => Path.Combine(Repository.Root, file);

    private static void AssertNone(IEnumerable<string> problems) => Assert.True(!problems.Any(), string.Join('\n', problems));

    /// <summary>Folders of the repository, and those of src/FastTrigger.</summary>
    [GeneratedRegex(
        "`((?:src|build|tests|docs|Http|Runtime|Events|Patterns|Actions|Aws|Telemetry|Routing|Values|Core|Json|Dispatch|Configuration)"
            + "/[A-Za-z0-9_./]*)`")]
    private static partial Regex Paths();

    /// <summary>A new source or action, which the page calls X.</summary>
    [GeneratedRegex("/(?:X/|XSource\\.cs|x\\.json)")]
    private static partial Regex Placeholder();
}
