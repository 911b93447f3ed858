using System.Text.RegularExpressions;

namespace FastTrigger.NativeTests;

/// <summary>The tool on a terminal of 80 columns, which is a pseudo terminal of `script`.</summary>
public sealed partial class TerminalTests
{
    private const int Columns = 80;

    [Theory]
    [InlineData("run build/demo/launch.json build/demo/running.json --routes build/demo/routes.json")]
    [InlineData("run build/demo/tank-high.json --world build/demo/lost-answer.json --routes build/demo/routes.json")]
    [InlineData("run build/demo/tank-normal.json --expect unmatched --routes build/demo/routes.json")]
    [InlineData("match build/demo/tank-normal.json build/demo/queue.json --routes build/demo/routes.json")]
    [InlineData("match --coverage build/demo/actions --routes build/demo/routes.json")]
    [InlineData("events")]
    public async Task No_line_is_wider_than_the_terminal_and_no_word_is_broken(string arguments)
    {
        var file = (await Artifacts.RunToolAsync(arguments.Split(' '))).Output;
        var terminal = await RunAsync(arguments);
        var lines = Escape().Replace(terminal, "").Split("\r\n");
        Assert.All(lines, line => Assert.True(line.Length <= Columns || line.Trim().Split(' ').Length == 1, line));
        // Times and random ids differ from one run to the next.
        string[] words = [.. Word().Matches(file).Select(match => match.Value).Distinct()];
        var shown = lines.SelectMany(line => line.Split(' ')).ToHashSet();
        // A parameter may be folded for the terminal, and not for the file.
        var whole = words.Where(word => !word.Contains('=', StringComparison.Ordinal) && word != "characters)");
        Assert.Equal([], whole.Where(word => !shown.Contains(word)));
    }

    [Theory]
    [InlineData("coldstart --event build/demo/tank-normal.json --count 1 --memory none --routes build/demo/routes.json --out {folder}")]
    [InlineData("coldstart --event build/demo/launch.json --storm 20 --duration 1 --routes build/demo/routes.json --out {folder}")]
    public async Task The_tables_of_coldstart_are_no_wider_than_the_terminal(string arguments)
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-terminal-");
        var terminal = await RunAsync(arguments.Replace("{folder}", folder.FullName, StringComparison.Ordinal), "1");
        Assert.All(terminal.Split("\r\n"), line => Assert.InRange(line.Length, 0, Columns));
        Assert.Contains(terminal.Split("\r\n"), line => line.StartsWith("-------", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("run build/demo/running.json --routes build/demo/routes.json")]
    [InlineData("run build/demo/tank-high.json --expect nothing --routes build/demo/routes.json")]
    [InlineData("events no-such-sample")]
    [InlineData("match build/demo/tank-normal.json --routes build/demo/routes.json")]
    [InlineData("check build/demo/tank-high.json")]
    [InlineData("chaos --events 1 --deliveries 2")]
    [InlineData("coldstart --event build/demo/tank-normal.json --count 1 --memory none --routes build/demo/routes.json --out {folder}")]
    [InlineData("--help")]
    public async Task NO_COLOR_means_plain_text_on_a_terminal_too(string arguments)
    {
        var folder = Directory.CreateTempSubdirectory("fasttrigger-terminal-");
        arguments = arguments.Replace("{folder}", folder.FullName, StringComparison.Ordinal);
        var output = await RunAsync(arguments, "1");
        Assert.NotEmpty(output);
        Assert.DoesNotContain('\u001b', output);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_empty_NO_COLOR_and_a_terminal_have_color()
    {
        const string Green = "\u001b[38;5;2meverything was done\u001b[0m";
        Assert.Contains(Green, await RunAsync("run build/demo/running.json --routes build/demo/routes.json", ""), StringComparison.Ordinal);
        Assert.Contains(Green, await RunAsync("run build/demo/running.json --routes build/demo/routes.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_are_told_in_one_line_and_with_calls_in_full()
    {
        string[] world = ["--world", "build/demo/actions/throttled.json", "--expect", "retry"];
        string[] arguments = ["run", Artifacts.Demo("tank-high.json"), .. world, .. Artifacts.DemoRoutes];
        var (exitCode, output, _) = await Artifacts.RunToolAsync(arguments);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"\n  ssm SendCommand 400 ThrottlingException \(attempts 1 to \d+ of \d+\) DocumentName=AWS-Run", output);
        (_, output, _) = await Artifacts.RunToolAsync([.. arguments, "--calls"]);
        var lines = output.Split('\n').Where(line => line.Contains("SendCommand 400", StringComparison.Ordinal)).ToList();
        Assert.InRange(lines.Count, 2, 100);
        Assert.All(lines, line => Assert.Contains("\"commands\":[\"# FastTrigger", line, StringComparison.Ordinal));
        (_, output, _) = await Artifacts.RunToolAsync([.. arguments, "--asynchronous"]);
        Assert.Contains("(invocation 3 of 3)\n", output, StringComparison.Ordinal);
    }

    /// <summary>Runs the tool as a terminal with 256 colors does.</summary>
    private static async Task<string> RunAsync(string arguments, string? noColor = null)
    {
        // The runner of the tests may have a NO_COLOR of its own.
        var setting = noColor is null ? "unset NO_COLOR" : $"export NO_COLOR={noColor}";
        var command = $"stty cols {Columns} rows 40; {setting}; exec {Artifacts.Tool} {arguments}";
        (string, string)[] environment = [("TERM", "xterm-256color"), ("SHELL", "/bin/sh")];
        var (_, output, error) = await Artifacts.RunAsync("script", ["-qec", command, "/dev/null"], environment);
        Assert.Equal("", error);
        return output;
    }

    [GeneratedRegex(@"\u001b(\[[0-9;?]*[a-zA-Z]|[=>])")]
    private static partial Regex Escape();

    /// <summary>A word without a random part: what has no long run of hexadecimal digits.</summary>
    [GeneratedRegex(@"(?<=^|\s)(?!\S*[0-9a-f]{8}-)(?!\S*\d\.\d)[^\s]+(?=\s|$)")]
    private static partial Regex Word();
}
