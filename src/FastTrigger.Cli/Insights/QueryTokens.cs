using System.Text.RegularExpressions;

namespace FastTrigger.Cli.Insights;

/// <summary>The words of a query, one after the other.</summary>
internal sealed partial class QueryTokens
{
    /// <summary>docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html</summary>
    private const int MaxLength = 10_000;

    private readonly List<(string Text, int Line)> _tokens = [];
    private readonly string _file;
    private int _at;

    /// <exception cref="FormatException">A character belongs to no word.</exception>
    public QueryTokens(string text, string file)
    {
        _file = file;
        if (text.Length > MaxLength)
        {
            throw new FormatException($"{file}: a query has at most {MaxLength} characters, as in CloudWatch, and this has {text.Length}");
        }

        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            if (lines[line].TrimStart().StartsWith('#'))
            {
                continue;
            }

            foreach (Match match in Token().Matches(lines[line]))
            {
                _tokens.Add((match.Value, line + 1));
                if (match.Groups["wrong"].Success)
                {
                    _at = _tokens.Count - 1;
                    throw Wrong("a name, a number, a text in quotes or an operator");
                }
            }
        }
    }

    /// <summary>The next word; empty at the end.</summary>
    public string Next => _at < _tokens.Count ? _tokens[_at].Text : "";

    public bool IsAtEnd => _at >= _tokens.Count;

    public string Take() => _tokens[_at++].Text;

    /// <summary>Takes the next word when it is this one; keywords have any case.</summary>
    public bool Takes(string word)
    {
        var isNext = Next.Equals(word, StringComparison.OrdinalIgnoreCase);
        _at += isNext ? 1 : 0;
        return isNext;
    }

    public void Expect(string word)
    {
        if (!Takes(word))
        {
            throw Wrong($"'{word}'");
        }
    }

    public string TakeName() => Name().IsMatch(Next) ? Take() : throw Wrong("the name of a field");

    /// <summary>A text without its quotes.</summary>
    public string TakeText() => Next is ['"' or '\'', .., _]
        ? Take()[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)
        : throw Wrong("a text in quotes");

    /// <summary>What stands here, and what would be right.</summary>
    public FormatException Wrong(string expected) =>
        new($"{_file}:{(IsAtEnd ? _tokens.Count > 0 ? _tokens[^1].Line : 1 : _tokens[_at].Line)}: "
            + (IsAtEnd ? $"the query ends where {expected} is expected" : $"'{Next}' stands where {expected} is expected"));

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|'[^']*'|/(?:\\.|[^/\\])+/|[@A-Za-z_][\w.]*|\d+(?:\.\d+)?[smhd]?|!=|<=|>=|[=<>()\[\],|*+-]|(?<wrong>\S)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();

    [GeneratedRegex(@"^[@A-Za-z_][\w.]*$")]
    private static partial Regex Name();
}
