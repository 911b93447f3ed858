using System.Globalization;

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
            case "fields" or "display":
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
                throw tokens.Wrong("fields, display, filter, parse, stats, sort or limit");
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

    /// <summary>
    /// What is no number comes before numbers, and numbers inside of texts are numbers
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html).
    /// </summary>
    private static int Order(object? one, object? other) => (one, other) switch
    {
        (double left, double right) => left.CompareTo(right),
        (string left, string right) => Natural(left, right),
        _ => Rank(one) - Rank(other),
    };

    private static int Rank(object? value) => value switch { null => 0, string => 1, _ => 2 };

    private static int Natural(string left, string right)
    {
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var (one, other) = (Digits(left, ref i), Digits(right, ref j));
                var order = one.Length != other.Length ? one.Length - other.Length : string.CompareOrdinal(one, other);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (left[i++] - right[j++] is not 0 and var order)
            {
                return order;
            }
        }

        return left.Length - i - (right.Length - j);
    }

    /// <summary>Takes the digits that stand here, without zeros before them.</summary>
    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return text[start..at].TrimStart('0');
    }

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

        _commands.Add(rows =>
        {
            foreach (var row in rows)
            {
                if (Cut(QueryRow.Shown(row[field]), parts) is { } values)
                {
                    for (var i = 0; i < names.Count; i++)
                    {
                        row[names[i]] = values[i];
                    }
                }
            }

            return rows;
        });
    }

    /// <summary>What stands between the parts of a glob, each as short as it can be, and the rest. Null without them.</summary>
    private static List<string>? Cut(string text, string[] parts)
    {
        var values = new List<string>();
        var at = text.IndexOf(parts[0], StringComparison.Ordinal);
        for (var i = 1; i < parts.Length && at >= 0; i++)
        {
            var start = at + parts[i - 1].Length;
            var isRest = i == parts.Length - 1 && parts[i].Length == 0;
            at = isRest ? text.Length : text.IndexOf(parts[i], start, StringComparison.Ordinal);
            values.Add(at < 0 ? "" : text[start..at]);
        }

        return at < 0 ? null : values;
    }
}
