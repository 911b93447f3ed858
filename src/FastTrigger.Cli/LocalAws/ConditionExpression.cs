using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>DynamoDB's condition expressions: AND, OR, comparisons, attribute_exists and attribute_not_exists.</summary>
internal sealed partial class ConditionExpression
{
    private const int MaxLength = 4_096, MaxDepth = 50;

    /// <summary>What DynamoDB has besides, and the local one does not.</summary>
    private static readonly HashSet<string> s_unsupported =
        new(["begins_with", "contains", "size", "attribute_type", "BETWEEN", "IN", "."], StringComparer.OrdinalIgnoreCase);

    private readonly string[] _tokens;
    private readonly JsonObject _names, _values;
    private readonly HashSet<string> _used = [];
    private int _at, _depth;

    private ConditionExpression(string text, JsonObject names, JsonObject values)
    {
        _tokens = [.. Tokens().Matches(text).Select(match => match.Value)];
        (_names, _values) = (names, values);
        AttributeValues.Check(values);
    }

    /// <summary>The condition of a request; null when it has none.</summary>
    public static ConditionExpression? Of(JsonObject request)
    {
        string[] attributes = ["ExpressionAttributeNames", "ExpressionAttributeValues"];
        if (request.Text("ConditionExpression") is { } expression)
        {
            return expression.Length is 0 or > MaxLength
                ? throw Invalid($"The expression is empty or longer than {MaxLength} characters")
                : new(expression, request[attributes[0]] as JsonObject ?? [], request[attributes[1]] as JsonObject ?? []);
        }

        return Array.Find(attributes, request.ContainsKey) is { } given
            ? throw AwsError.Validation($"{given} can only be specified when using expressions: ConditionExpression is null")
            : null;
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
        if (Take("NOT"))
        {
            return !Nested(item, Term);
        }

        if (Take("("))
        {
            var inner = Nested(item, Or);
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
        if (s_unsupported.Contains(comparison))
        {
            throw Invalid($"the local dynamodb does not support {comparison}");
        }

        if (comparison is not ("=" or "<>" or "<" or "<=" or ">" or ">="))
        {
            throw Invalid($"Syntax error; token: \"{comparison}\"");
        }

        var right = Operand(item);
        if (left is null || right is null || left.First().Key != right.First().Key)
        {
            // A missing value, or one of another type, is only unequal.
            return comparison == "<>";
        }

        var (type, value) = left.First();
        if (type is not ("S" or "N" or "B") && comparison is "=" or "<>")
        {
            return JsonNode.DeepEquals(left, right) == (comparison == "=");
        }

        var order = AttributeValues.Compare(type, value!, right.First().Value!);
        return comparison switch
        {
            "=" => order == 0,
            "<>" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private bool Nested(JsonObject item, Func<JsonObject, bool> read)
    {
        if (++_depth > MaxDepth)
        {
            throw Invalid($"The expression is nested more than {MaxDepth} levels deep");
        }

        var holds = read(item);
        _depth--;
        return holds;
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
        if (s_unsupported.Contains(token))
        {
            throw Invalid($"the local dynamodb does not support {token}");
        }

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

        if (!Name().IsMatch(token))
        {
            throw Invalid($"Syntax error; token: \"{token}\"");
        }

        var name = token[0] != '#' ? token : _names.Text(token)
            ?? throw Invalid($"An expression attribute name used in the document path is not defined; attribute name: {token}");
        return item[name] as JsonObject;
    }

    private bool Take(string token)
    {
        if (_at < _tokens.Length && string.Equals(_tokens[_at], token, StringComparison.OrdinalIgnoreCase))
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

    [GeneratedRegex(@"[#:]?[A-Za-z_][A-Za-z0-9_]*|<>|<=|>=|\S")]
    private static partial Regex Tokens();

    [GeneratedRegex("^#?[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Name();
}
