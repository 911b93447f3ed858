using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>DynamoDB's condition expressions: AND, OR, comparisons, attribute_exists and attribute_not_exists.</summary>
internal sealed partial class ConditionExpression
{
    private readonly string[] _tokens;
    private readonly JsonObject _names, _values;
    private readonly HashSet<string> _used = [];
    private int _at;

    public ConditionExpression(string text, JsonObject names, JsonObject values)
    {
        _tokens = [.. Tokens().Matches(text).Select(match => match.Value)];
        (_names, _values) = (names, values);
    }

    public bool Holds(JsonObject item)
    {
        _at = 0;
        var holds = Or(item);
        if (_at < _tokens.Length)
        {
            throw Invalid($"Syntax error; token: \"{_tokens[_at]}\"");
        }

        if (_names.Concat(_values).Select(pair => pair.Key).FirstOrDefault(name => !_used.Contains(name)) is { } unused)
        {
            throw AwsError.Validation($"Value provided in ExpressionAttribute unused in expressions: keys: {{{unused}}}");
        }

        return holds;
    }

    private bool Or(JsonObject item)
    {
        var holds = And(item);
        while (Take("OR"))
        {
            holds |= And(item);
        }

        return holds;
    }

    private bool And(JsonObject item)
    {
        var holds = Term(item);
        while (Take("AND"))
        {
            holds &= Term(item);
        }

        return holds;
    }

    private bool Term(JsonObject item)
    {
        if (Take("("))
        {
            var inner = Or(item);
            Expect(")");
            return inner;
        }

        if (Take("attribute_not_exists"))
        {
            return !Exists(item);
        }

        if (Take("attribute_exists"))
        {
            return Exists(item);
        }

        var left = Operand(item);
        var comparison = Next();
        var right = Operand(item);
        if (left is null || right is null || left.First().Key != right.First().Key)
        {
            // A missing value, or one of another type, is only unequal.
            return comparison == "<>";
        }

        var order = Compare(left, right);
        return comparison switch
        {
            "=" => order == 0,
            "<>" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => throw Invalid($"Syntax error; token: \"{comparison}\""),
        };
    }

    private static int Compare(JsonObject left, JsonObject right)
    {
        var (a, b) = (left.First().Value!.GetValue<string>(), right.First().Value!.GetValue<string>());
        return left.ContainsKey("N")
            ? decimal.Parse(a, CultureInfo.InvariantCulture).CompareTo(decimal.Parse(b, CultureInfo.InvariantCulture))
            : string.CompareOrdinal(a, b);
    }

    private bool Exists(JsonObject item)
    {
        Expect("(");
        var operand = Operand(item);
        Expect(")");
        return operand is not null;
    }

    private JsonObject? Operand(JsonObject item)
    {
        var token = Next();
        _used.Add(token);
        if (token.StartsWith(':'))
        {
            return _values[token] as JsonObject
                ?? throw Invalid($"An expression attribute value used in expression is not defined; attribute value: {token}");
        }

        // DynamoDB reserves names such as status, which need a #name.
        if (token is "status" or "data" or "name" or "key" or "value")
        {
            throw Invalid($"Attribute name is a reserved keyword; reserved keyword: {token}");
        }

        return item[token.StartsWith('#') ? _names[token]!.GetValue<string>() : token] as JsonObject;
    }

    private bool Take(string token)
    {
        if (_at < _tokens.Length && _tokens[_at] == token)
        {
            _at++;
            return true;
        }

        return false;
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw Invalid($"Syntax error; {token} is expected");
        }
    }

    private string Next() => _at < _tokens.Length ? _tokens[_at++] : throw Invalid("Syntax error; it ends too early");

    private static AwsError Invalid(string problem) => AwsError.Validation($"Invalid ConditionExpression: {problem}");

    [GeneratedRegex(@"[#:]?[A-Za-z_][A-Za-z0-9_]*|<>|<=|>=|[=<>()]")]
    private static partial Regex Tokens();
}
