using System.Text.RegularExpressions;
using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Events;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Documentation;

/// <summary>The code, the map and the world file that pages show are real.</summary>
public sealed partial class PageContentTests
{
    [Fact]
    public void The_csharp_page_shows_a_function_that_is_published_and_tested()
    {
        var program = File.ReadAllText(Path.Combine(TestEnvironment.Root, "tests", "FastTrigger.HandlerFunction", "Program.cs"));
        Assert.Contains(Block("docs/csharp.md", "csharp"), program, StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_names_every_folder_of_the_library()
    {
        var source = Path.Combine(TestEnvironment.Root, "src", "FastTrigger");
        var folders = Directory.GetDirectories(source, "*", SearchOption.AllDirectories)
            .Select(folder => Path.GetRelativePath(source, folder) + "/")
            .Where(folder => !folder.StartsWith("bin/", StringComparison.Ordinal) && !folder.StartsWith("obj/", StringComparison.Ordinal));
        var text = MarkdownPage.Open("docs/architecture.md").Text;
        var map = text[text.IndexOf("\n## The folders", StringComparison.Ordinal)..text.IndexOf("\n## Layers", StringComparison.Ordinal)];
        var named = FolderRow().Matches(map).Select(row => row.Groups[1].Value);
        Assert.Equal(folders.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_world_file_of_the_local_servers_is_read()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Block("docs/local-servers.md", "json"));
        Assert.NotNull(WorldReader.Load(file));
        File.Delete(file);
    }

    [Fact]
    public void The_figures_of_the_readme_are_those_of_the_performance_page()
    {
        var (readme, page) = (MarkdownPage.Open("README.md"), MarkdownPage.Open("docs/performance.md"));
        var measured = page.Lines.Select(Figures).ToList();
        var shown = readme.Lines.Select(Figures).Where(figures => figures.Count > 0).ToList();
        Assert.InRange(shown.Count, 3, 20);
        Assert.All(shown, row => Assert.Contains(measured, figures => row.All(figures.Contains)));
        Assert.Contains(Commit().Match(readme.Text).Value, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_counts_on_the_pages_are_those_of_the_code()
    {
        var sources = EventSources.Names.Count(name => name != "eventbridge");
        Assert.Contains($"EventBridge and {sources} other sources", MarkdownPage.Open("README.md").Text, StringComparison.Ordinal);
        var tagged = $"on what {CreatingCalls.All.Count} calls of EC2 create";
        Assert.Contains(tagged, MarkdownPage.Open("docs/actions.md").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_settings_lists_every_variable_of_FastTrigger()
    {
        // The cold start laboratory sets this one.
        string[] inner = ["FASTTRIGGER_STAGES"];
        var read = Directory.EnumerateFiles(Path.Combine(TestEnvironment.Root, "src", "FastTrigger"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => VariableInCode().Matches(File.ReadAllText(file)).Select(name => name.Groups[1].Value))
            .Distinct()
            .Except(inner);
        var listed = VariableRow().Matches(MarkdownPage.Open("docs/deploy.md").Text).Select(row => row.Groups[1].Value);
        Assert.Equal(read.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static List<string> Figures(string row) =>
        [.. Figure().Matches(row.Replace("*", "", StringComparison.Ordinal)).Select(figure => figure.Value)];

    private static string Block(string page, string language) =>
        MarkdownPage.Open(page).Blocks.First(block => block.Language == language).Code;

    /// <summary>A cell of a table with a measured number.</summary>
    [GeneratedRegex(@"(?<=\| )\d+\.\d+(?= \|)")]
    private static partial Regex Figure();

    [GeneratedRegex("commit [0-9a-f]{7}")]
    private static partial Regex Commit();

    [GeneratedRegex("\"(FASTTRIGGER_[A-Z_]+)\"")]
    private static partial Regex VariableInCode();

    [GeneratedRegex("^\\| `(FASTTRIGGER_[A-Z_]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex VariableRow();

    [GeneratedRegex(@"^\| `([A-Za-z0-9/]+/)` \|", RegexOptions.Multiline)]
    private static partial Regex FolderRow();
}
