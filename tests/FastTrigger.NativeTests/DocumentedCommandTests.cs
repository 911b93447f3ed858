using System.Text.RegularExpressions;

namespace FastTrigger.NativeTests;

/// <summary>Every command that docs/actions.md shows is run as it stands there, in its order.</summary>
public sealed partial class DocumentedCommandTests
{
    [Fact]
    public async Task Every_command_does_what_the_page_says()
    {
        Directory.Delete(Directory.CreateDirectory(Path.Combine(Artifacts.Root, "artifacts", "replay")).FullName, recursive: true);
        var commands = Blocks().Matches(await File.ReadAllTextAsync(Path.Combine(Artifacts.Root, "docs", "actions.md"), TestContext.Current.CancellationToken))
            .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.InRange(commands.Count, 15, 100);
        var outputs = new List<string>();
        foreach (var command in commands)
        {
            var (exitCode, output, error) = await Artifacts.RunAsync("bash", ["-c", command]);
            Assert.True(exitCode == 0, $"{command}\n{output}{error}");
            outputs.Add(output);
        }

        Assert.Single(outputs, output => output.Contains("acted 0, already done 1,", StringComparison.Ordinal));
        Assert.Single(outputs, output => output.Contains("$(reboot); `id` '\" --all runs at 1450 rpm", StringComparison.Ordinal));
        Assert.All(outputs.Where(output => output.StartsWith("events ", StringComparison.Ordinal)), output => Assert.EndsWith("twice 0 lost 0\n", output, StringComparison.Ordinal));
    }

    [GeneratedRegex("^```\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
