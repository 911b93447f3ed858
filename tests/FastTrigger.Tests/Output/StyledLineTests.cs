using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Tests.Output;

/// <summary>Lines for terminals of any width.</summary>
public sealed class StyledLineTests
{
    private const string Id = "33c4fe37-4a98-45ee-b1fe-76d13ba073c6";

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(80)]
    public void A_line_breaks_at_blanks_only_and_continues_with_an_indent(int width)
    {
        var words = $"accepted by Systems Manager as {Id} on arn:aws:ssm:us-east-1:123456789012:document/long, and it runs".Split(' ');
        var lines = Write(width, new StyledLine(2).Add("run-command").Add(string.Join(' ', words))).TrimEnd('\n').Split('\n');
        Assert.Equal(["run-command", .. words], lines.SelectMany(line => line.Trim().Split(' ')));
        Assert.All(lines, line => Assert.True(line.Length <= width || line.Trim().Split(' ') is [_], line));
        Assert.StartsWith("  run-command", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.Equal(4, line.Length - line.TrimStart().Length));
    }

    [Fact]
    public void A_line_that_fits_is_as_it_was_written()
    {
        Assert.Equal("    a  b   c d\n", Write(80, new StyledLine(4).Add("a  b   c").Add("d")));
        Assert.Equal(14, new StyledLine(4).Add("a  b   c").Add("d").Length());
    }

    [Fact]
    public void Words_of_one_style_have_its_escapes_only_once()
    {
        var text = Write(80, new StyledLine().Add("two words", "red").Add("plain").Add("two more", "red"), AnsiSupport.Yes);
        Assert.Equal("\u001b[38;5;9mtwo words\u001b[0m plain \u001b[38;5;9mtwo more\u001b[0m\n", text);
    }

    [Fact]
    public void Control_characters_of_a_script_do_not_reach_the_terminal() =>
        Assert.Equal("a\uFFFD[31mred\uFFFD c\n", Write(80, new StyledLine().Add("a\u001b[31mred\u0007\tc")));

    private static string Write(int width, StyledLine line, AnsiSupport ansi = AnsiSupport.No)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi,
            ColorSystem = ansi == AnsiSupport.Yes ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Write(line);
        return writer.ToString();
    }
}
