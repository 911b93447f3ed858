using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>
/// Reads an EventBridge event pattern into the tree that matches events. An unsupported operator is an error
/// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
/// </summary>
internal static class PatternReader
{
    private static readonly string[] s_operators =
        ["prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists", "wildcard", "cidr"];

    /// <summary>The names of all operators.</summary>
    public static IReadOnlyList<string> OperatorNames => s_operators;

    private static string Operators => $"{string.Join(", ", s_operators, 0, s_operators.Length - 1)} or {s_operators[^1]}";

    /// <summary>Null when the pattern has mistakes; <paramref name="problems"/> has all of them.</summary>
    public static ObjectNode? Read(JsonNode pattern, JsonProblems problems)
    {
        if (!pattern.IsObject)
        {
            problems.Add(pattern, $"an event pattern is an object, not {pattern.KindName}");
            return null;
        }

        var before = problems.Found.Count;
        var node = ReadObject(pattern, new(), problems);
        return problems.Found.Count == before ? node : null;
    }

    private static ObjectNode ReadObject(JsonNode source, ObjectNode target, JsonProblems problems)
    {
        if (source.Members.Count == 0)
        {
            problems.Add(source, "an empty object in a pattern matches nothing; name a field");
        }

        foreach (var member in source.Members)
        {
            if (member.Name == "$or")
            {
                ReadAlternatives(member.Value, target, problems);
            }
            else
            {
                ReadField(member, target, problems);
            }
        }

        return target;
    }

    private static void ReadField(JsonMember member, ObjectNode target, JsonProblems problems)
    {
        // "a.b" means field b inside field a.
        var names = member.Name.Split('.');
        for (var i = 0; i < names.Length - 1; i++)
        {
            var inner = target.FindObject(names[i]);
            if (inner is null)
            {
                inner = new();
                target.Add(names[i], inner);
            }

            target = inner;
        }

        if (member.Value.IsObject)
        {
            var known = names.Length > 1 ? target.FindObject(names[^1]) : null;
            target.Add(names[^1], ReadObject(member.Value, known ?? new(), problems));
        }
        else if (member.Value.IsArray)
        {
            target.Add(names[^1], ReadTests(member.Value, problems));
        }
        else
        {
            var (name, value) = (member.Name, member.Value);
            var problem = $"'{name}' in a pattern takes an array of values or an object, not {value.KindName}; write [{AsJson(value)}]";
            problems.Add(value, problem);
        }
    }

    private static void ReadAlternatives(JsonNode source, ObjectNode target, JsonProblems problems)
    {
        if (!source.IsArray || source.Items.Count < 2 || !source.Items.TrueForAll(static item => item.IsObject))
        {
            problems.Add(source, "$or takes an array of at least two objects");
            return;
        }

        var alternatives = new ObjectNode[source.Items.Count];
        for (var i = 0; i < alternatives.Length; i++)
        {
            foreach (var member in source.Items[i].Members)
            {
                if (IsReserved(member.Name))
                {
                    problems.Add(member.Offset, $"'{member.Name}' cannot stand directly inside $or; name a field first");
                }
            }

            alternatives[i] = ReadObject(source.Items[i], new(), problems);
        }

        target.AddAlternatives(alternatives);
    }

    private static bool IsReserved(string name) => name == "exactly" || Array.IndexOf(s_operators, name) >= 0;

    private static FieldNode ReadTests(JsonNode source, JsonProblems problems)
    {
        if (source.Items.Count == 0)
        {
            problems.Add(source, "an empty array in a pattern matches nothing; list a value");
        }

        var tests = new List<ValueTest>(source.Items.Count);
        foreach (var item in source.Items)
        {
            if (item.IsArray)
            {
                problems.Add(item, "a value in a pattern is not an array");
            }
            else if ((item.IsObject ? ReadOperator(item, problems) : new ExactTest(item)) is { } test)
            {
                tests.Add(test);
            }
        }

        return new([.. tests]);
    }

    private static ValueTest? ReadOperator(JsonNode source, JsonProblems problems)
    {
        if (source.Members.Count != 1)
        {
            problems.Add(source, $"an operator is an object with one key: {Operators}");
            return null;
        }

        var (name, offset, value) = source.Members[0];
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
                return Checked(WildcardTest.Parse(value.Text, out var problem), value, problem, problems);
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
        if (value.IsObject && value.Members is [{ Name: "equals-ignore-case", Value: { IsString: true } inner }])
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
        if (!value.IsArray || value.Items.Count is not (2 or 4))
        {
            problems.Add(value, Form);
            return null;
        }

        var comparisons = new NumericTest.Comparison[value.Items.Count / 2];
        for (var i = 0; i < comparisons.Length; i++)
        {
            var (name, limit) = (value.Items[i * 2], value.Items[(i * 2) + 1]);
            var isOperator = name.IsString && NumericTest.Comparison.IsOperator(name.Text);
            if (!isOperator || limit.Kind != JsonTokenType.Number || !Numbers.TryParse(Encoding.ASCII.GetBytes(limit.Text), out var number))
            {
                problems.Add(name, Form);
                return null;
            }

            comparisons[i] = new(name.Text, number);
        }

        return new(comparisons);
    }

    private static AnythingButTest? ReadAnythingBut(JsonNode value, JsonProblems problems)
    {
        var values = value.IsArray ? value.Items : [value];
        if (values.Count == 0 || !values.TrueForAll(static item => item.IsString || item.Kind == JsonTokenType.Number))
        {
            problems.Add(value, "anything-but takes a string, a number or a list of them in this version");
            return null;
        }

        return new([.. values.ConvertAll(static item => new ExactTest(item))]);
    }

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

    private static string AsJson(JsonNode value)
    {
        if (value.IsString)
        {
            return $"\"{value.Text}\"";
        }

        return value.Text.Length > 0 ? value.Text : value.Kind.ToString().ToLowerInvariant();
    }
}
