using System.Globalization;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.Insights;

/// <summary>
/// The condition of a filter (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Filter.html): comparisons, in, like and
/// ispresent, with and, or, not and brackets.
/// </summary>
internal static class QueryFilter
{
    private const int MaxDepth = 100;

    /// <exception cref="FormatException">It is none.</exception>
    /// <param name="depth">The number of brackets and words not around it.</param>
    public static Func<QueryRow, bool> Read(QueryTokens tokens, int depth = 0)
    {
        var any = new List<Func<QueryRow, bool>> { ReadAll(tokens, depth) };
        while (tokens.Takes("or"))
        {
            any.Add(ReadAll(tokens, depth));
        }

        return row => any.Exists(one => one(row));
    }

    private static Func<QueryRow, bool> ReadAll(QueryTokens tokens, int depth)
    {
        var all = new List<Func<QueryRow, bool>> { ReadOne(tokens, depth) };
        while (tokens.Takes("and"))
        {
            all.Add(ReadOne(tokens, depth));
        }

        return row => all.TrueForAll(one => one(row));
    }

    private static Func<QueryRow, bool> ReadOne(QueryTokens tokens, int depth)
    {
        if (depth > MaxDepth)
        {
            throw tokens.Wrong($"a condition inside of at most {MaxDepth} others");
        }

        if (tokens.Takes("not"))
        {
            var one = ReadOne(tokens, depth + 1);
            return row => !one(row);
        }

        if (tokens.Takes("("))
        {
            var inner = Read(tokens, depth + 1);
            tokens.Expect(")");
            return inner;
        }

        if (tokens.Takes("ispresent"))
        {
            tokens.Expect("(");
            var present = tokens.TakeName();
            tokens.Expect(")");
            return row => row[present] is not null;
        }

        var field = tokens.TakeName();
        var isNot = tokens.Takes("not");
        var test = ReadTest(tokens);
        return row => row[field] is { } value && test(value) != isNot;
    }

    private static Func<object, bool> ReadTest(QueryTokens tokens)
    {
        if (tokens.Takes("in"))
        {
            var values = new List<object>();
            tokens.Expect("[");
            do
            {
                ReadValue(tokens, out var one);
                values.Add(one);
            }
            while (tokens.Takes(","));
            tokens.Expect("]");
            return value => values.Exists(one => Compare(value, one) == 0);
        }

        if (tokens.Takes("like"))
        {
            // A text is a part of the field; between slashes it is a regular expression.
            var regex = ReadRegex(tokens);
            return value => regex.IsMatch(QueryRow.Shown(value));
        }

        foreach (var (text, holds) in (ReadOnlySpan<(string, Func<int, bool>)>)
        [
            ("=", static order => order == 0),
            ("!=", static order => order != 0),
            ("<=", static order => order <= 0),
            (">=", static order => order >= 0),
            ("<", static order => order < 0),
            (">", static order => order > 0),
        ])
        {
            if (tokens.Takes(text))
            {
                ReadValue(tokens, out var right);
                return value => Compare(value, right) is { } order && holds(order);
            }
        }

        throw tokens.Wrong("=, !=, <, <=, >, >=, in or like");
    }

    private static Regex ReadRegex(QueryTokens tokens)
    {
        try
        {
            if (tokens.Next is not ['/', .., '/'])
            {
                return new(Regex.Escape(tokens.TakeText()), RegexOptions.CultureInvariant);
            }

            // It matches in a time that its length bounds, whatever it is.
            var regex = new Regex(tokens.Next[1..^1], RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            tokens.Take();
            return regex;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw tokens.Wrong("a regular expression");
        }
    }

    private static void ReadValue(QueryTokens tokens, out object value)
    {
        var sign = tokens.Takes("-") ? -1 : 1;
        if (!double.TryParse(tokens.Next, CultureInfo.InvariantCulture, out var number))
        {
            value = tokens.TakeText();
            return;
        }

        tokens.Take();
        value = sign * number;
    }

    /// <summary>Null when they are of two kinds.</summary>
    private static int? Compare(object left, object right) => (left, right) switch
    {
        (double one, double other) => one.CompareTo(other),
        (string one, string other) => string.CompareOrdinal(one, other),
        _ => null,
    };
}
