using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Documentation;

/// <summary>A page of the documentation: its text without code, its links and its code blocks.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<(int Line, string Text)> _units = [];

    private MarkdownPage(string name, string text)
    {
        Name = name;
        Text = text;
        Lines = text.TrimEnd('\n').Split('\n');
        Read();
    }

    /// <summary>The pages that people read. Results of measurements are records.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Order(StringComparer.Ordinal)
            .Select(file => new MarkdownPage(Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file))),
    ];

    /// <summary>The path from the repository's root.</summary>
    public string Name { get; }

    public string Text { get; }

    public string[] Lines { get; }

    /// <summary>Every fenced block in its order, with the word behind its fence.</summary>
    public List<(int Line, string Language, string Code)> Blocks { get; } = [];

    /// <summary>The anchors of the headings, as GitHub makes them.</summary>
    public List<string> Anchors { get; } = [];

    public static MarkdownPage Open(string name) => All.Single(page => page.Name == name);

    public static MarkdownPage Parse(string text) => new("page.md", text);

    public IEnumerable<(int Line, string Target)> Links() =>
        _units.SelectMany(unit => Link().Matches(unit.Text).Select(link => (unit.Line, link.Groups["target"].Value)));

    /// <summary>Sentences and the number of their words. A piece of code is a word; a heading, an item and a cell end a sentence.</summary>
    public IEnumerable<(int Line, int Words, string Sentence)> Sentences() =>
        from unit in _units
        let text = Link().Replace(Code().Replace(unit.Text, "CODE"), LinkText)
        from sentence in SentenceEnd().Split(text)
        select (unit.Line, sentence.Split(' ').Count(word => word.Any(char.IsLetterOrDigit)), sentence.Trim());

    /// <summary>The name of a file is a word, as code is, and may start a sentence.</summary>
    private static string LinkText(Match link) => FileName().IsMatch(link.Groups["text"].Value) ? "CODE" : link.Groups["text"].Value;

    private void Read()
    {
        string? fence = null;
        var start = 0;
        var paragraph = (Line: 0, Text: "");
        for (var i = 0; i < Lines.Length; i++)
        {
            var line = Lines[i];
            var trimmed = line.TrimStart();
            if (trimmed.StartsWith("```", StringComparison.Ordinal))
            {
                End();
                if (fence is not null)
                {
                    Blocks.Add((start, fence, string.Join('\n', Lines[start..i]) + "\n"));
                }

                (fence, start) = (fence is null ? trimmed[3..] : null, i + 1);
            }
            else if (fence is not null)
            {
                continue;
            }
            else if (trimmed.Length == 0)
            {
                End();
            }
            else if (paragraph.Text.Length == 0 && line.StartsWith("    ", StringComparison.Ordinal) && !ListItem().IsMatch(line))
            {
                // Code that is indented.
                continue;
            }
            else if (trimmed.StartsWith('|'))
            {
                End();
                foreach (var cell in TableBar().Split(trimmed).Where(cell => cell.Trim().Length > 0))
                {
                    _units.Add((i + 1, cell.Trim()));
                }
            }
            else if (Heading().Match(line) is { Success: true } heading)
            {
                End();
                _units.Add((i + 1, heading.Groups[1].Value));
                AddAnchor(heading.Groups[1].Value);
            }
            else if (ListItem().IsMatch(line))
            {
                End();
                paragraph = (i + 1, ListItem().Replace(line, ""));
            }
            else
            {
                paragraph = paragraph.Text.Length == 0 ? (i + 1, trimmed) : (paragraph.Line, $"{paragraph.Text} {trimmed}");
            }
        }

        End();
        Assert.True(fence is null, $"{Name}: a code block is not closed");

        void End()
        {
            if (paragraph.Text.Length > 0)
            {
                _units.Add(paragraph);
            }

            paragraph = (0, "");
        }
    }

    private void AddAnchor(string heading)
    {
        var anchor = NoAnchor().Replace(Link().Replace(heading, "${text}").ToLowerInvariant(), "").Replace(' ', '-');
        var same = Anchors.Count(other => other == anchor);
        Anchors.Add(same == 0 ? anchor : $"{anchor}-{same}");
    }

    [GeneratedRegex(@"\[(?<text>[^\[\]]*)\]\((?<target>[^()\s]+(?:\([^()]*\))?)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[\w./-]+\.\w+$")]
    private static partial Regex FileName();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    /// <summary>A full stop before a capital, a digit or what opens something; not the one of an ordinal or of "AWS.".</summary>
    [GeneratedRegex(@"(?<=[.!?][""')*]*)\s+(?=[""'(\[*]*[A-Z0-9.])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^#+ (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(?:[-*]|\d+\.) ")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex TableBar();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]")]
    private static partial Regex NoAnchor();
}
