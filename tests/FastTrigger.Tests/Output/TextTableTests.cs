using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Tests.Output;

/// <summary>Tables for terminals of any width.</summary>
public sealed class TextTableTests
{
    private const string Markdown = """
        # Title

        Some prose that is longer than the terminal.

        | calls | mean a second | would be throttled |
        |---|--:|--:|
        | ec2:DescribeInstances | 15.0 | 0 |
        | s3 | 1 | 12 |

        The end.
        """;

    [Fact]
    public void A_table_has_aligned_columns_and_headings_that_wrap_between_words() =>
        Assert.Equal(
            """
            # Title

            Some prose that is longer than the
              terminal.

                                   mean a   would be
            calls                  second  throttled
            ---------------------  ------  ---------
            ec2:DescribeInstances    15.0          0
            s3                          1         12

            The end.

            """,
            Write(40, Markdown));

    [Fact]
    public void Columns_that_do_not_fit_are_left_out_whole_and_counted()
    {
        var narrow = Write(34, Markdown).Split('\n');
        Assert.Contains("ec2:DescribeInstances    15.0", narrow);
        Assert.Contains("1 more columns are in all.md", narrow);
        Assert.All(narrow, line => Assert.InRange(line.Length, 0, 34));
    }

    [Fact]
    public void A_file_gets_the_Markdown_unchanged() => Assert.Equal(Markdown + "\n", Write(Terminal.Unlimited, Markdown));

    private static string Write(int width, string markdown)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        MarkdownText.Write(console, markdown, "all.md");
        return writer.ToString();
    }
}
