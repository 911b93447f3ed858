using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Documentation;

/// <summary>docs/security.md names a test for each threat, so that nothing is claimed that is not proved.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Each_threat_has_a_test_and_each_test_exists()
    {
        var page = MarkdownPage.Open("docs/security.md");
        var rows = page.Text.Split("\n- **")[1..];
        Assert.True(rows.Length > 20, $"{rows.Length} threats");
        Assert.All(rows, row => Assert.Matches(Name(), row));
        var sources = Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        Assert.All(Name().Matches(page.Text), match => Assert.Contains(
            sources[match.Groups["class"].Value],
            text => text.Contains($" {match.Groups["method"].Value}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex("`(?<class>[A-Za-z0-9]+Tests)\\.(?<method>\\w+)`")]
    private static partial Regex Name();
}
