using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>What the README shows is what there is.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(TestEnvironment.Root, "README.md"));

    [Fact]
    public void Its_routes_are_without_mistakes()
    {
        Assert.True(RoutesText.Read(Block("json"), out var problems) is not null, problems);
    }

    [Fact]
    public void Its_csharp_is_from_a_function_that_is_published_and_tested() =>
        Assert.Contains(Block("csharp"), File.ReadAllText(Path.Combine(TestEnvironment.Root, "tests", "FastTrigger.HandlerFunction", "Program.cs")), StringComparison.Ordinal);

    [Fact]
    public void Its_links_and_files_are_there()
    {
        foreach (var link in Links().Matches(s_text).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal)))
        {
            var there = link.StartsWith('#')
                ? Headings().Matches(s_text).Any(heading => "#" + heading.Groups[1].Value.ToLowerInvariant().Replace(" ", "-", StringComparison.Ordinal).Replace("#", "", StringComparison.Ordinal) == link)
                : Path.Exists(Path.Combine(TestEnvironment.Root, link.Split('#')[0]));
            Assert.True(there, $"{link} leads nowhere");
        }

        foreach (var path in Paths().Matches(s_text).Select(match => match.Groups[1].Value))
        {
            Assert.True(Path.Exists(Path.Combine(TestEnvironment.Root, path)) || Path.Exists(Path.Combine(TestEnvironment.Root, "src", "FastTrigger", path)), $"{path} is not there");
        }
    }

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
