using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>Reads one operator of a pattern: an object with one key.</summary>
internal static class OperatorReader
{
    private static readonly string[] s_operators =
        ["prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists", "wildcard", "cidr"];

    /// <summary>What is reserved inside $or beside the operators. One text is less code than a list.</summary>
    private const string Reserved = "|exactly|=|<|<=|>|>=|regex|not-wildcard|not-equals-ignore-case|date-after|date-on-or-after|date-before"
        + "|date-on-or-before|in-date-range|ip-address-in-range|ip-address-not-in-range|";

    /// <summary>Those that anything-but takes.</summary>
    private static readonly string[] s_negatable = ["prefix", "suffix", "equals-ignore-case", "wildcard"];

    /// <summary>The names of all operators.</summary>
    public static IReadOnlyList<string> Names => s_operators;

    private static string Operators => $"{string.Join(", ", s_operators, 0, s_operators.Length - 1)} or {s_operators[^1]}";

    /// <summary>
    /// Whether a field of this name cannot stand inside $or: RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP of github.com/aws/event-ruler.
    /// </summary>
    public static bool IsReserved(string name) =>
        Array.IndexOf(s_operators, name) >= 0 || (!name.Contains('|') && Reserved.Contains($"|{name}|", StringComparison.Ordinal));

    /// <summary>Null, with the problem, when this is no operator.</summary>
    public static ValueTest? Read(JsonNode source, JsonProblems problems)
    {
        if (source.Members.Length != 1)
        {
            problems.Add(source, $"an operator is an object with one key: {Operators}");
            return null;
        }

        var (name, offset, value) = source.Members.First;
        switch (name)
        {
            case "prefix" when ReadText(value, name, problems) is { } text:
                return new PrefixTest(text);
            case "suffix" when ReadText(value, name, problems) is { } text:
                return new SuffixTest(text);
            case "equals-ignore-case" when Expect(value, JsonTokenType.String, name, "a string", problems):
                return new EqualsIgnoreCaseTest(new(value.Text, ignoreCase: true));
            case "exists" when Expect(value, value.Kind is JsonTokenType.True or JsonTokenType.False, name, "true or false", problems):
                return new ExistsTest(value.Kind == JsonTokenType.True);
            case "wildcard" when Expect(value, JsonTokenType.String, name, "a string", problems):
                return ReadWildcard(value, problems);
            case "cidr" when Expect(value, JsonTokenType.String, name, "a string", problems):
                var notNetwork = $"'{value.Text}' is not a network; write it as 10.0.0.0/24 or 2001:db8::/32";
                return Checked(CidrTest.Parse(value.Text), value, notNetwork, problems);
            case "numeric":
                return ReadNumeric(value, problems);
            case "anything-but":
                return ReadAnythingBut(value, problems);
            case "prefix" or "suffix" or "equals-ignore-case" or "exists" or "wildcard" or "cidr":
                return null;
            default:
                var hint = NearName.Hint(name, s_operators, $"use {Operators}");
                problems.Add(offset, $"'{name}' is not an operator that this version supports; {hint}");
                return null;
        }
    }

    private static TextPattern? ReadText(JsonNode value, string name, JsonProblems problems)
    {
        if (value.Members is { Length: 1, First: { Name: "equals-ignore-case", Value: { IsString: true } inner } })
        {
            return new(inner.Text, ignoreCase: true);
        }

        return Expect(value, JsonTokenType.String, name, "a string or {\"equals-ignore-case\": \"...\"}", problems)
            ? new(value.Text, ignoreCase: false)
            : null;
    }

    private static NumericTest? ReadNumeric(JsonNode value, JsonProblems problems)
    {
        const string Form = "numeric takes [\">\", 0] or [\">\", 0, \"<=\", 100], with =, <, <=, > and >=";
        var items = value.Items.ToArray();
        if (items.Length is not (2 or 4))
        {
            problems.Add(value, Form);
            return null;
        }

        var comparisons = new NumericTest.Comparison[items.Length / 2];
        for (var i = 0; i < comparisons.Length; i++)
        {
            var (name, limit) = (items[i * 2], items[(i * 2) + 1]);
            if (!name.IsString || !NumericTest.Comparison.IsOperator(name.Text) || limit.Kind != JsonTokenType.Number)
            {
                problems.Add(name, Form);
                return null;
            }

            if (!IsComparable(limit, problems))
            {
                return null;
            }

            comparisons[i] = new(name.Text, Encoding.ASCII.GetBytes(limit.Text));
        }

        if (comparisons is [var first, var second] && RangeProblem(first, second) is { } problem)
        {
            problems.Add(value, problem);
            return null;
        }

        return new(comparisons);
    }

    private static string? RangeProblem(NumericTest.Comparison lower, NumericTest.Comparison upper)
    {
        if (!lower.IsLower || upper.IsLower || upper.Operator == "=")
        {
            return "numeric takes two comparisons in this order alone: > or >=, then < or <=";
        }

        return Numbers.Compare(lower.Limit, upper.Limit) < 0 ? null
            : "this range has no number that EventBridge takes: the first limit must be less than the second";
    }

    private static bool IsComparable(JsonNode number, JsonProblems problems)
    {
        if (Numbers.IsComparable(Encoding.ASCII.GetBytes(number.Text)))
        {
            return true;
        }

        problems.Add(
            number,
            $"EventBridge compares numbers from -5e9 to 5e9 with up to six decimals, and {number.Text} is not one of them");
        return false;
    }

    private static AnythingButTest? ReadAnythingBut(JsonNode value, JsonProblems problems)
    {
        if (value.IsObject)
        {
            return ReadAnythingButOperator(value, problems);
        }

        var values = value.IsArray ? value.Items.ToArray() : [value];
        if (values.Length == 0 || !Array.TrueForAll(values, static item => item.IsString || item.Kind == JsonTokenType.Number))
        {
            problems.Add(value, $"anything-but takes a text, a number, a list of them, or one of {string.Join(", ", s_negatable)}");
            return null;
        }

        if (!Array.TrueForAll(values, item => item.Kind == values[0].Kind))
        {
            problems.Add(value, "anything-but takes a list of texts or a list of numbers, and not both in one list");
            return null;
        }

        return values[0].IsString || Array.TrueForAll(values, number => IsComparable(number, problems))
            ? new(Array.ConvertAll(values, ValueTest (item) => new ExactTest(item)))
            : null;
    }

    /// <summary>{"prefix": "a"} or {"prefix": ["a", "b"]}, and so for the others.</summary>
    private static AnythingButTest? ReadAnythingButOperator(JsonNode source, JsonProblems problems)
    {
        if (source.Members is not { Length: 1, First: var (name, offset, value) } || Array.IndexOf(s_negatable, name) < 0)
        {
            problems.Add(source, $"anything-but takes an object with one of {string.Join(", ", s_negatable)}");
            return null;
        }

        var values = value.IsArray ? value.Items.ToArray() : [value];
        if (values.Length == 0 || !Array.TrueForAll(values, static item => item.IsString))
        {
            problems.Add(value, $"{name} inside anything-but takes a text or a list of texts");
            return null;
        }

        var tests = new ValueTest[values.Length];
        for (var i = 0; i < tests.Length; i++)
        {
            var text = values[i].Text;
            if (text.Length == 0 && name is "prefix" or "suffix")
            {
                problems.Add(values[i], $"an empty {name} inside anything-but excludes every text");
                return null;
            }

            ValueTest? test = name switch
            {
                "prefix" => new PrefixTest(new(text, ignoreCase: false)),
                "suffix" => new SuffixTest(new(text, ignoreCase: false)),
                "equals-ignore-case" => new EqualsIgnoreCaseTest(new(text, ignoreCase: true)),
                _ => ReadWildcard(values[i], problems),
            };
            if (test is null)
            {
                return null;
            }

            tests[i] = test;
        }

        return new(tests);
    }

    private static WildcardTest? ReadWildcard(JsonNode value, JsonProblems problems) =>
        Checked(WildcardTest.Parse(value.Text, out var problem), value, problem, problems);

    private static bool Expect(JsonNode value, JsonTokenType kind, string name, string form, JsonProblems problems) =>
        Expect(value, value.Kind == kind, name, form, problems);

    private static bool Expect(JsonNode value, bool isRight, string name, string form, JsonProblems problems)
    {
        if (!isRight)
        {
            problems.Add(value, $"{name} takes {form}, not {value.KindName}");
        }

        return isRight;
    }

    private static T? Checked<T>(T? test, JsonNode value, string problem, JsonProblems problems)
        where T : ValueTest
    {
        if (test is null)
        {
            problems.Add(value, problem);
        }

        return test;
    }
}
