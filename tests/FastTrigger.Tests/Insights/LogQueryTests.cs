using System.Text.Json.Nodes;
using FastTrigger.Cli.Insights;

namespace FastTrigger.Tests.Insights;

/// <summary>Queries as docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html describes them.</summary>
public sealed class LogQueryTests
{
    private static readonly string[] s_records =
    [
        """{"timestamp":"2026-11-20T14:00:00.000Z","message":"action","route":"a","ms":10,"deep":{"x":[1],"y":"in"},"cold":true}""",
        """{"timestamp":"2026-11-20T14:04:59.999Z","message":"action","route":"b","ms":20,"note":"two (2) \"quoted\""}""",
        """{"timestamp":"2026-11-20T14:05:00.000Z","message":"invocation","route":"a","ms":30}""",
    ];

    [Theory]
    [InlineData("""filter route = "a" """, "10 30")]
    [InlineData("""filter route != "a" """, "20")]
    [InlineData("filter ms >= 20 and ms < 30", "20")]
    [InlineData("""filter ms = 10 or ms = 30 and route = "b" """, "10")]
    [InlineData("""filter (ms = 10 or ms = 30) and route = "a" """, "10 30")]
    [InlineData("""filter not (ms = 10) and not ispresent(note)""", "30")]
    [InlineData("""filter message in ["invocation", 'x']""", "30")]
    [InlineData("""filter message not in ["invocation"]""", "10 20")]
    [InlineData("""filter note like "two (2)" """, "20")]
    [InlineData("""filter note like "\"quoted\"" """, "20")]
    [InlineData("""filter note like /^two \(\d\)/""", "20")]
    [InlineData("""filter route not like /a/""", "20")]
    [InlineData("""filter deep.y = "in" """, "10")]
    [InlineData("""filter ispresent(nothing.at.all)""", "")]
    [InlineData("""filter ms > "text" """, "")]
    [InlineData("filter deep.x.0 = 1", "10")]
    [InlineData("sort route desc", "20 10 30")]
    [InlineData("FILTER ms > 10 | SORT ms DESC | LIMIT 1", "30")]
    [InlineData("# a comment\nfilter ms > 10\n# another\n| sort ms asc", "20 30")]
    public void Records_are_filtered_sorted_and_limited(string query, string values) => Assert.Equal(values, Column(query, "ms"));

    [Theory]
    [InlineData("stats count(*) as n by route", "n", "2 1")]
    [InlineData("stats count(note)", "count(note)", "1")]
    [InlineData("stats sum(ms) as s, avg(ms), min(ms), max(ms) by bin(5m)", "s", "30 30")]
    [InlineData("stats avg(ms) by bin(1h)", "avg(ms)", "20")]
    [InlineData("stats pct(ms, 50) as half", "half", "20")]
    [InlineData("stats count(*) by bin(5m)", "bin(5m)", "2026-11-20 14:00:00 2026-11-20 14:05:00")]
    [InlineData("stats count(*) as n by route | filter n > 1", "route", "a")]
    [InlineData("stats sum(none) as s", "s", "")]
    [InlineData("stats max(@timestamp) as last", "last", "2026-11-20T14:05:00.000Z")]
    [InlineData("""parse note "two (*) *" as number, rest | filter ispresent(number)""", "rest", "\"quoted\"")]
    public void Rows_are_made_of_groups_and_of_parts(string query, string column, string values) =>
        Assert.Equal(values, Column(query, column));

    /// <summary>docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html</summary>
    [Fact]
    public void The_order_is_natural()
    {
        string[] values = ["\"tank-10\"", "40", "\"tank-9\"", "5", "\"Tank-2\"", "\"n/a\"", "null"];
        var records = values.Select(static value => new QueryRow(JsonNode.Parse($$"""{"x":{{value}}}""")!.AsObject()));
        var rows = LogQuery.Parse("sort x asc", "q").Run(records);
        Assert.Equal(["", "Tank-2", "n/a", "tank-9", "tank-10", "5", "40"], rows.Select(static row => QueryRow.Shown(row["x"])));
    }

    [Fact]
    public void Hostile_queries_and_records_end_soon()
    {
        Assert.Throws<FormatException>(() => LogQuery.Parse("filter " + new string('(', 5_000) + "a = 1", "q"));
        Assert.Throws<FormatException>(() => LogQuery.Parse("filter " + string.Concat(Enumerable.Repeat("not ", 2_000)) + "a = 1", "q"));
        Assert.Throws<FormatException>(() => LogQuery.Parse("filter " + new string('a', 10_000) + " = 1", "q"));
        QueryRow[] rows =
        [
            new(new JsonObject { ["t"] = new string('a', 3_000) + "b", ["one"] = "a\nb", ["two"] = "c" }),
            new(new JsonObject { ["t"] = "xay", ["one"] = "a", ["two"] = "b\nc" }),
        ];
        var parsed = LogQuery.Parse("parse t \"a*a*a*a*a*a*c\" as a1, a2, a3, a4, a5, a6", "q").Run(rows);
        Assert.All(parsed, static row => Assert.Null(row["a1"]));
        Assert.Equal(2, LogQuery.Parse("stats count(*) by one, two", "q").Run(rows).Count);
        var huge = new QueryRow(JsonNode.Parse("""{"x":1e400}""")!.AsObject());
        Assert.Equal("", QueryRow.Shown(LogQuery.Parse("stats sum(x) as s", "q").Run([huge])[0]["s"]));
    }

    [Fact]
    public void What_is_shown_is_what_the_query_names()
    {
        Assert.Equal(["@timestamp", "@message"], LogQuery.Parse("filter ms > 1", "q").Columns);
        Assert.Equal(["route", "ms"], LogQuery.Parse("fields route, ms | sort ms", "q").Columns);
        Assert.Equal(["route", "bin(1d)", "n"], LogQuery.Parse("stats count(*) as n by route, bin(1d)", "q").Columns);
    }

    [Theory]
    [InlineData("", "q:1: the query ends where fields, display, filter, parse, stats, sort or limit is expected")]
    [InlineData("dedup ms", "q:1: 'dedup' stands where fields, display, filter, parse, stats, sort or limit is expected")]
    [InlineData("filter ms", "q:1: the query ends where =, !=, <, <=, >, >=, in or like is expected")]
    [InlineData("filter ms = a", "q:1: 'a' stands where a text in quotes is expected")]
    [InlineData("filter ms = 1 limit 2", "q:1: 'limit' stands where '|' and a command, or the end is expected")]
    [InlineData("fields ms\n| stats median(ms)", "q:2: 'median' stands where count, sum, avg, min, max or pct is expected")]
    [InlineData("stats pct(ms, 101)", "q:1: '101' stands where a percentage is expected")]
    [InlineData("stats count(*) by bin(5y)", "q:1: '5' stands where a period such as 5m is expected")]
    [InlineData("stats count(*) by bin(21350400d)", "q:1: '21350400d' stands where a period such as 5m is expected")]
    [InlineData("limit many", "q:1: 'many' stands where a number is expected")]
    [InlineData("filter ms = $1", "q:1: '$' stands where a name, a number, a text in quotes or an operator is expected")]
    [InlineData("parse note \"* *\" as one", "q:1: the query ends where a name for each * of '* *' is expected")]
    [InlineData("filter note like /(/", "q:1: '/(/' stands where a regular expression is expected")]
    public void A_mistake_has_its_line_and_what_would_be_right(string query, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => LogQuery.Parse(query, "q")).Message);

    private static string Column(string query, string column)
    {
        var records = s_records.Select(static text => new QueryRow(JsonNode.Parse(text)!.AsObject()));
        var rows = LogQuery.Parse(query, "q").Run(records);
        return string.Join(' ', rows.Select(row => QueryRow.Shown(row[column])));
    }
}
