using System.Globalization;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Insights;

/// <summary>
/// The aggregates of a query (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html): count, sum, avg, min, max and
/// pct, by fields and bins of time.
/// </summary>
internal sealed class QueryStats
{
    /// <summary>Units of a bin.</summary>
    private const int MaxBin = 100_000;

    private const string Functions = "count, sum, avg, min, max or pct";

    private readonly List<(string Name, Func<List<QueryRow>, object?> Compute)> _aggregates = [];
    private readonly List<(string Name, Func<QueryRow, object?> Key)> _keys = [];

    public IReadOnlyList<string> Columns => [.. _keys.Select(static key => key.Name), .. _aggregates.Select(static one => one.Name)];

    /// <exception cref="FormatException">It is none.</exception>
    public static QueryStats Read(QueryTokens tokens)
    {
        var stats = new QueryStats();
        do
        {
            stats.ReadAggregate(tokens);
        }
        while (tokens.Takes(","));

        if (tokens.Takes("by"))
        {
            do
            {
                stats.ReadKey(tokens);
            }
            while (tokens.Takes(","));
        }

        return stats;
    }

    public List<QueryRow> Apply(List<QueryRow> rows) =>
    [
        .. rows.GroupBy(row => string.Concat(_keys.Select(key => KeyPart(QueryRow.Shown(key.Key(row)))))).Select(group =>
        {
            var (made, members) = (new QueryRow(), group.ToList());
            foreach (var (name, key) in _keys)
            {
                made[name] = key(members[0]);
            }

            foreach (var (name, compute) in _aggregates)
            {
                made[name] = compute(members);
            }

            return made;
        }),
    ];

    /// <summary>With its length, so that two keys are the same only when all of their parts are.</summary>
    private static string KeyPart(string text) => $"{text.Length}:{text}";

    private void ReadAggregate(QueryTokens tokens)
    {
        var function = tokens.Next.ToLowerInvariant();
        if (function is not ("count" or "sum" or "avg" or "min" or "max" or "pct"))
        {
            throw tokens.Wrong(Functions);
        }

        tokens.Take();
        tokens.Expect("(");
        var field = tokens.Takes("*") ? "*" : tokens.TakeName();
        var (percent, text) = (0.0, $"{function}({field})");
        if (function == "pct")
        {
            tokens.Expect(",");
            if (!double.TryParse(tokens.Next, CultureInfo.InvariantCulture, out percent) || percent is < 0 or > 100)
            {
                throw tokens.Wrong("a percentage");
            }

            text = $"pct({field},{tokens.Take()})";
        }

        tokens.Expect(")");
        _aggregates.Add((tokens.Takes("as") ? tokens.TakeName() : text, rows => Compute(function, field, percent, rows)));
    }

    private static object? Compute(string function, string field, double percent, List<QueryRow> rows)
    {
        if (function == "count")
        {
            return (double)rows.Count(row => field == "*" || row[field] is not null);
        }

        if (function is "min" or "max"
            && rows.Select(row => row[field]).OfType<string>().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } texts)
        {
            return function == "min" ? texts[0] : texts[^1];
        }

        double[] values = [.. rows.Select(row => row[field]).OfType<double>()];
        return values.Length == 0 ? null : function switch
        {
            "sum" => values.Sum(),
            "avg" => values.Average(),
            "min" => values.Min(),
            "max" => values.Max(),
            _ => Statistics.Percentile(values, percent / 100),
        };
    }

    private void ReadKey(QueryTokens tokens)
    {
        if (!tokens.Takes("bin"))
        {
            var field = tokens.TakeName();
            _keys.Add((field, row => row[field]));
            return;
        }

        tokens.Expect("(");
        if (tokens.Next is not [.. var number, var unit] || "smhd".IndexOf(unit, StringComparison.Ordinal) is not (>= 0 and var index)
            || !int.TryParse(number, CultureInfo.InvariantCulture, out var count) || count is 0 or > MaxBin)
        {
            throw tokens.Wrong("a period such as 5m");
        }

        var name = $"bin({tokens.Take()})";
        tokens.Expect(")");
        long[] units = [TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour, TimeSpan.TicksPerDay];
        var ticks = count * units[index];
        _keys.Add((name, row => DateTimeOffset.TryParse(QueryRow.Shown(row["@timestamp"]), CultureInfo.InvariantCulture, out var at)
            ? new DateTime(at.UtcTicks / ticks * ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : null));
    }
}
