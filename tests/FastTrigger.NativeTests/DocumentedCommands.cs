using FastTrigger.Tests.Documentation;

namespace FastTrigger.NativeTests;

/// <summary>The commands in the plain blocks of a page. Blocks with a language are not run here.</summary>
internal static class DocumentedCommands
{
    /// <summary>./bootstrap.sh test has built before the tests run, and would replace what they use.</summary>
    private const string Build = "./bootstrap.sh build";

    /// <summary>Runs every command of a page in its order. Each must succeed.</summary>
    /// <param name="of">Which commands' outputs are wanted, by what the command contains.</param>
    /// <returns>The output of each of them.</returns>
    public static async Task<List<string>> RunAsync(string page, string of = "")
    {
        var outputs = new List<string>();
        var blocks = MarkdownPage.Open(page).Blocks.Where(block => block.Language.Length == 0);
        foreach (var command in blocks.SelectMany(block => Of(block.Code)))
        {
            if (command == Build)
            {
                Artifacts.Existing("artifacts/bootstrap");
                continue;
            }

            var (exitCode, output, error) = await Artifacts.RunAsync("bash", ["-c", command]);
            Assert.True(exitCode == 0, $"{page}: {command}\n{output}{error}");
            if (command.Contains(of, StringComparison.Ordinal))
            {
                outputs.Add(output);
            }
        }

        return outputs;
    }

    /// <summary>A command is a line. A backslash at its end, and a here-document, make it longer.</summary>
    public static IEnumerable<string> Of(string block)
    {
        var command = "";
        var isDocument = false;
        foreach (var line in block.TrimEnd('\n').Split('\n'))
        {
            if (!isDocument && line.EndsWith('\\'))
            {
                command += line[..^1];
                continue;
            }

            command += line;
            isDocument = isDocument ? line != "END" : line.EndsWith("<<'END'", StringComparison.Ordinal);
            if (isDocument)
            {
                command += "\n";
            }
            else if (command.Length > 0)
            {
                yield return command;
                command = "";
            }
        }

        Assert.True(command.Length == 0, $"the command has no end: {command}");
    }
}
