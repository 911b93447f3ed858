using System.Text.RegularExpressions;
using FastTrigger.Tests.Documentation;

namespace FastTrigger.NativeTests;

/// <summary>docs/troubleshooting.md quotes log lines: each is what the commands before it make the function write.</summary>
public sealed partial class TroubleshootingPageTests
{
    private static readonly MarkdownPage s_page = MarkdownPage.Open("docs/troubleshooting.md");

    [Fact]
    public async Task Every_quoted_line_is_written_by_the_command_before_it()
    {
        var (logs, errors, quoted) = (new List<JsonNode>(), "", 0);
        foreach (var (line, language, code) in s_page.Blocks)
        {
            switch (language)
            {
                case "":
                    (logs, errors) = await RunAsync(code);
                    break;
                case "json":
                    foreach (var record in Records(code))
                    {
                        var written = string.Join('\n', logs.Select(log => log.ToJsonString()));
                        Assert.True(logs.Exists(log => Has(log, record)), $"line {line}: {record.ToJsonString()} is not in:\n{written}");
                        quoted++;
                    }

                    break;
                case "text":
                    Assert.Contains(code.TrimEnd(), errors, StringComparison.Ordinal);
                    quoted++;
                    break;
            }
        }

        Assert.InRange(quoted, 10, 50);
    }

    [Fact]
    public void Every_error_type_of_the_function_is_in_the_table()
    {
        var types = Directory.EnumerateFiles(Path.Combine(Artifacts.Root, "src", "FastTrigger"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => ErrorType().Matches(File.ReadAllText(file)).Select(type => type.Groups[1].Value))
            .Distinct();
        var documented = Row().Matches(s_page.Text).Select(row => row.Groups[1].Value);
        Assert.Equal(types.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    /// <summary>The log records of all deliveries of a block, and what the servers' commands wrote to standard error.</summary>
    private static async Task<(List<JsonNode> Logs, string Errors)> RunAsync(string code)
    {
        var logs = new List<JsonNode>();
        var errors = new StringBuilder();
        foreach (var command in DocumentedCommands.Of(code))
        {
            var isDelivery = command.StartsWith("artifacts/fasttrigger run ", StringComparison.Ordinal);
            var (exitCode, output, error) = await Artifacts.RunAsync("bash", ["-c", isDelivery ? command + " --json" : command]);
            Assert.True(exitCode == 0, $"{command}\n{output}{error}");
            if (isDelivery)
            {
                var report = JsonNode.Parse(Ids().Replace(Keys().Replace(output, "KEY"), "ID"))!;
                logs.AddRange(report["logs"]!.AsArray().Select(log => log!));
                errors.AppendJoin('\n', report["instances"]!.AsArray()
                    .SelectMany(instance => instance!["commands"]!.AsArray().Select(made => made!["stderr"]!.ToString())));
            }
        }

        return (logs, errors.ToString());
    }

    private static List<JsonNode> Records(string code) =>
        [.. JsonNode.Parse($"[{Between().Replace(code.TrimEnd(), "},{")}]")!.AsArray().Select(record => record!)];

    /// <summary>Whether the log record has all that is quoted. Three dots stand for more text.</summary>
    private static bool Has(JsonNode log, JsonNode quoted) => quoted.AsObject().All(member =>
    {
        var (expected, actual) = (member.Value!.ToString(), log[member.Key]?.ToString());
        return expected.EndsWith("...", StringComparison.Ordinal)
            ? actual?.StartsWith(expected[..^3], StringComparison.Ordinal) == true
            : actual == expected;
    });

    [GeneratedRegex("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Keys();

    [GeneratedRegex("^}\n{", RegexOptions.Multiline)]
    private static partial Regex Between();

    [GeneratedRegex("\"(Function\\.[A-Za-z]+)\"")]
    private static partial Regex ErrorType();

    [GeneratedRegex(@"^\| `(Function\.[A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
