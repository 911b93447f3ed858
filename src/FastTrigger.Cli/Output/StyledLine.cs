using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FastTrigger.Cli.Output;

/// <summary>
/// A line of styled text. Where it is too long for the terminal, it continues on an indented line. It breaks at blanks only: an id, an ARN
/// or a path stays in one piece, however long it is.
/// </summary>
internal sealed class StyledLine(int indent = 0) : IRenderable
{
    private const int Hanging = 2;

    private readonly List<(string Word, Style Style)> _words = [];

    /// <summary>Adds text behind a blank. Text of events and commands may come: its control characters do not reach the terminal.</summary>
    public StyledLine Add(string text, string style = "")
    {
        var parsed = style.Length == 0 ? Style.Plain : Style.Parse(style);
        _words.AddRange(Harmless(text).Split(' ').Select(word => (word, parsed)));
        return this;
    }

    /// <summary>The columns of the line without a break.</summary>
    public int Length() => indent + _words.Sum(static word => word.Word.GetCellWidth() + 1) - 1;

    Measurement IRenderable.Measure(RenderOptions options, int maxWidth) => new(Math.Min(Length(), maxWidth), maxWidth);

    IEnumerable<Segment> IRenderable.Render(RenderOptions options, int maxWidth)
    {
        var segments = new List<Segment>();
        Append(segments, new string(' ', indent), Style.Plain);
        var column = indent;
        for (var i = 0; i < _words.Count; i++)
        {
            var (word, style) = _words[i];
            var width = word.GetCellWidth();
            if (i > 0 && column + 1 + width > maxWidth)
            {
                segments.Add(Segment.LineBreak);
                Append(segments, new string(' ', indent + Hanging), Style.Plain);
                column = indent + Hanging;
            }
            else if (i > 0)
            {
                Append(segments, " ", style.Equals(_words[i - 1].Style) ? style : Style.Plain);
                column++;
            }

            Append(segments, word, style);
            column += width;
        }

        segments.Add(Segment.LineBreak);
        return segments;
    }

    /// <summary>Text of one style is one segment, so that it has its escapes only once.</summary>
    private static void Append(List<Segment> segments, string text, Style style)
    {
        if (segments.Count > 0 && !segments[^1].IsLineBreak && segments[^1].Style.Equals(style))
        {
            segments[^1] = new(segments[^1].Text + text, style);
        }
        else
        {
            segments.Add(new(text, style));
        }
    }

    /// <summary>A text without what a terminal does not show as it is, such as what changes the text's direction.</summary>
    public static string Harmless(string text)
    {
        var harmless = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            harmless.Append(character == '\t' ? ' ' : IsHarmless(character) ? character : '\uFFFD');
        }

        return harmless.ToString();
    }

    private static bool IsHarmless(char character) => CharUnicodeInfo.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
