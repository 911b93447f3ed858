using Spectre.Console;

namespace FastTrigger.Cli.Output;

/// <summary>A report in Markdown: for a terminal with aligned tables and lines that break between words, for a file unchanged.</summary>
internal static class MarkdownText
{
    /// <param name="elsewhere">Where the columns are that do not fit.</param>
    public static void Write(IAnsiConsole console, string markdown, string elsewhere)
    {
        if (console.Profile.Width == Terminal.Unlimited)
        {
            console.Profile.Out.Writer.WriteLine(markdown);
            return;
        }

        var table = new List<string[]>();
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith('|'))
            {
                table.Add([.. line.Trim().Trim('|').Split('|').Select(static cell => cell.Trim())]);
                continue;
            }

            if (table.Count > 0)
            {
                // The second line of a table is its alignment.
                new TextTable(table[0], table[2..]).Write(console, console.Profile.Width, elsewhere);
                table.Clear();
            }

            console.Write(new StyledLine().Add(line));
        }
    }
}
