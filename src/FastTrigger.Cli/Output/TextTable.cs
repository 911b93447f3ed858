using System.Text;
using Spectre.Console;

namespace FastTrigger.Cli.Output;

/// <summary>
/// A table of plain text. Its headings wrap between words, its cells never wrap. Where the terminal is too narrow, the last columns are
/// left out, and a line says how many.
/// </summary>
/// <param name="texts">The columns, besides the first, that are no numbers.</param>
internal sealed class TextTable(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlySet<int>? texts = null)
{
    private const int MinColumns = 2, Gap = 2;

    /// <param name="width">The columns of the terminal.</param>
    /// <param name="elsewhere">Where the columns are that do not fit.</param>
    public void Write(IAnsiConsole console, int width, string elsewhere)
    {
        var widths = headings.Select((heading, i) => Math.Max(
            heading.Split(' ').Max(static word => word.GetCellWidth()),
            rows.Select(row => row[i].GetCellWidth()).DefaultIfEmpty(0).Max())).ToList();
        var count = widths.Count;
        while (count > MinColumns && widths.Take(count).Sum() + (Gap * (count - 1)) > width)
        {
            count--;
        }

        var tops = headings.Take(count).Select((heading, i) => Wrap(heading, widths[i])).ToList();
        var height = tops.Max(static lines => lines.Count);
        for (var line = 0; line < height; line++)
        {
            // Short headings stand on the line.
            Write(console, widths, [.. tops.Select(lines => line < height - lines.Count ? "" : lines[line - height + lines.Count])]);
        }

        Write(console, widths, [.. widths.Take(count).Select(static columns => new string('-', columns))]);
        foreach (var row in rows)
        {
            Write(console, widths, [.. row.Take(count)]);
        }

        if (count < headings.Count)
        {
            console.Write(new StyledLine().Add($"{headings.Count - count} more columns are in {elsewhere}", "dim"));
        }
    }

    /// <summary>The first column and texts start at the left, the others end at the right, as numbers do.</summary>
    private void Write(IAnsiConsole console, List<int> widths, IReadOnlyList<string> cells)
    {
        var line = new StringBuilder();
        for (var i = 0; i < cells.Count; i++)
        {
            var blank = new string(' ', widths[i] - cells[i].GetCellWidth());
            var isText = i == 0 || texts?.Contains(i) == true;
            line.Append(new string(' ', i == 0 ? 0 : Gap)).Append(isText ? cells[i] + blank : blank + cells[i]);
        }

        console.Write(new Text(line.ToString().TrimEnd() + "\n"));
    }

    private static List<string> Wrap(string heading, int width)
    {
        var lines = new List<string> { "" };
        foreach (var word in heading.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].GetCellWidth() + 1 + word.GetCellWidth() > width)
            {
                lines.Add(word);
            }
            else
            {
                lines[^1] += lines[^1].Length > 0 ? $" {word}" : word;
            }
        }

        return lines;
    }
}
