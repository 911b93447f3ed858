using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>The routes, code, links and paths of the README are real.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(TestEnvironment.Root, "README.md"));

    [Fact]
    public void Its_routes_have_no_problems()
    {
        Assert.True(RoutesText.Read(Block("json"), out var problems) is not null, problems);
    }

    [Fact]
    public void Its_csharp_is_from_a_function_that_is_published_and_tested()
    {
        var program = File.ReadAllText(Path.Combine(TestEnvironment.Root, "tests", "FastTrigger.HandlerFunction", "Program.cs"));
        Assert.Contains(Block("csharp"), program, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_links_and_files_exist()
    {
        var anchors = Headings().Matches(s_text).Select(heading => Anchor(heading.Groups[1].Value)).ToList();
        var links = Links().Matches(s_text).Select(match => match.Groups[1].Value);
        foreach (var link in links.Where(link => !link.StartsWith("http", StringComparison.Ordinal)))
        {
            var exists = link.StartsWith('#')
                ? anchors.Contains(link)
                : Path.Exists(Path.Combine(TestEnvironment.Root, link.Split('#')[0]));
            Assert.True(exists, $"{link} does not exist");
        }

        foreach (var path in Paths().Matches(s_text).Select(match => match.Groups[1].Value))
        {
            var exists = Path.Exists(Path.Combine(TestEnvironment.Root, path))
                || Path.Exists(Path.Combine(TestEnvironment.Root, "src", "FastTrigger", path));
            Assert.True(exists, $"{path} does not exist");
        }
    }

    /// <summary>The link to a heading, as GitHub makes it.</summary>
    private static string Anchor(string heading) =>
        "#" + heading.ToLowerInvariant().Replace(" ", "-", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal);

    private static string Block(string language)
    {
        var start = s_text.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return s_text[start..s_text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"`((?:src|build|tests|docs|Http|Runtime|Events|Patterns|Actions|Aws|Telemetry|Routing|Values)/[A-Za-z0-9_./]*)`")]
    private static partial Regex Paths();
}
