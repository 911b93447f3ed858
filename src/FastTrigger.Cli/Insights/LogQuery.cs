using System.Globalization;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.Insights;

/// <summary>
/// A query of CloudWatch Logs Insights (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html) over records that are here:
/// fields, filter, parse with a glob, stats, sort and limit.
/// </summary>
internal sealed class LogQuery
{
    private readonly List<Func<List<QueryRow>, List<QueryRow>>> _commands = [];

    /// <summary>What is shown, in its order.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = ["@timestamp", "@message"];

    /// <param name="file">Its name in messages.</param>
    /// <exception cref="FormatException">It is none, or has more than this knows.</exception>
    public static LogQuery Parse(string text, string file)
    {
        var (query, tokens) = (new LogQuery(), new QueryTokens(text, file));
        do
        {
            query.Read(tokens);
        }
        while (tokens.Takes("|"));

        return tokens.IsAtEnd ? query : throw tokens.Wrong("'|' and a command, or the end");
    }

    public List<QueryRow> Run(IEnumerable<QueryRow> records) =>
        _commands.Aggregate(records.ToList(), static (rows, command) => command(rows));

    private void Read(QueryTokens tokens)
    {
        switch (tokens.Next.ToLowerInvariant())
        {
            case "fields":
                tokens.Take();
                Columns = ReadNames(tokens);
                break;
            case "filter":
                tokens.Take();
                var condition = QueryFilter.Read(tokens);
                _commands.Add(rows => rows.FindAll(row => condition(row)));
                break;
            case "parse":
                tokens.Take();
                ReadParse(tokens);
                break;
            case "stats":
                tokens.Take();
                var stats = QueryStats.Read(tokens);
                Columns = stats.Columns;
                _commands.Add(stats.Apply);
                break;
            case "sort":
                tokens.Take();
                ReadSort(tokens);
                break;
            case "limit":
                tokens.Take();
                if (!int.TryParse(tokens.Next, CultureInfo.InvariantCulture, out var limit))
                {
                    throw tokens.Wrong("a number");
                }

                tokens.Take();
                _commands.Add(rows => rows[..Math.Min(limit, rows.Count)]);
                break;
            default:
                throw tokens.Wrong("fields, filter, parse, stats, sort or limit");
        }
    }

    private static List<string> ReadNames(QueryTokens tokens)
    {
        var names = new List<string>();
        do
        {
            names.Add(tokens.TakeName());
        }
        while (tokens.Takes(","));

        return names;
    }

    private void ReadSort(QueryTokens tokens)
    {
        var field = tokens.TakeName();
        var sign = tokens.Takes("desc") ? -1 : 1;
        _ = sign < 0 || tokens.Takes("asc");
        _commands.Add(rows => [.. rows.OrderBy(row => row[field], Comparer<object?>.Create((one, other) => sign * Order(one, other)))]);
    }

    private static int Order(object? one, object? other) => (one, other) switch
    {
        (double left, double right) => left.CompareTo(right),
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ => string.CompareOrdinal(QueryRow.Shown(one), QueryRow.Shown(other)),
    };

    /// <summary>Each * of the glob is a field.</summary>
    private void ReadParse(QueryTokens tokens)
    {
        var field = tokens.TakeName();
        var glob = tokens.TakeText();
        tokens.Expect("as");
        var names = ReadNames(tokens);
        var parts = glob.Split('*');
        if (parts.Length - 1 != names.Count)
        {
            throw tokens.Wrong($"a name for each * of '{glob}'");
        }

        // What comes last is read to the end of the text.
        var pattern = string.Join("(.*?)", parts.Select(Regex.Escape)) + (parts[^1].Length == 0 ? "$" : "");
        var regex = new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        _commands.Add(rows =>
        {
            foreach (var row in rows)
            {
                var match = regex.Match(QueryRow.Shown(row[field]));
                for (var i = 0; match.Success && i < names.Count; i++)
                {
                    row[names[i]] = match.Groups[i + 1].Value;
                }
            }

            return rows;
        });
    }
}
