using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Values;

/// <summary>A text of routes.json with `${...}` in it (C1.5), parsed once and evaluated for each item.</summary>
internal sealed class ValueTemplate
{
    private readonly List<(string Literal, ValueExpression? Expression)> _parts = new(1);

    /// <summary>The text when it has no `${...}`; else null.</summary>
    public string? Literal => _parts.Count == 0 ? "" : _parts is [{ Expression: null } only] ? only.Literal : null;

    public static ValueTemplate Parse(JsonNode node, ValueRule rule, JsonProblems problems)
    {
        var template = new ValueTemplate();
        var whole = node.Text;
        if (!whole.Contains('$'))
        {
            template.Add(whole);
            return template;
        }

        var text = whole.AsSpan();
        var literal = "";
        while (!text.IsEmpty)
        {
            var dollar = text.IndexOf("${".AsSpan());
            if (dollar < 0)
            {
                literal = Join(literal, text);
                break;
            }

            if (dollar > 0 && text[dollar - 1] == '$')
            {
                literal = Join(literal, text[..(dollar - 1)]) + "${";
                text = text[(dollar + 2)..];
                continue;
            }

            literal = Join(literal, text[..dollar]);
            var end = FindEnd(text[dollar..]);
            if (end < 0)
            {
                problems.Add(node, $"'{node.Text}' has a ${{ without a closing }}");
                break;
            }

            template.Add(literal);
            literal = "";
            template.Add(ValueExpression.Parse(text.Slice(dollar + 2, end - 2).ToString(), rule, out var problem), problem, node, problems);
            text = text[(dollar + end + 1)..];
        }

        template.Add(literal);
        return template;
    }

    /// <param name="escape">Escapes each value before it becomes part of the text.</param>
    public ValueResult Evaluate(in ValueScope scope, Func<string, string>? escape = null)
    {
        if (Literal is { } whole)
        {
            return ValueResult.Of(whole);
        }

        if (escape is null && _parts is [{ Expression: { } single }])
        {
            return single.Evaluate(scope);
        }

        var text = new ByteBuffer(128);
        foreach (var (literal, expression) in _parts)
        {
            if (expression is null)
            {
                text.Append(literal);
                continue;
            }

            var value = expression.Evaluate(scope);
            if (value.Kind is not (ValueKind.Text or ValueKind.List))
            {
                return value;
            }

            text.Append(escape is null ? value.Joined : escape(value.Joined));
        }

        return ValueResult.Of(text.ToString());
    }

    /// <summary>The position of the closing brace; braces inside quotes do not count.</summary>
    private static int FindEnd(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 2; i < text.Length; i++)
        {
            quoted ^= text[i] == '\'';
            if (text[i] == '}' && !quoted)
            {
                return i;
            }
        }

        return -1;
    }

    private void Add(ValueExpression? expression, string problem, JsonNode node, JsonProblems problems)
    {
        if (expression is null)
        {
            problems.Add(node, problem);
        }
        else
        {
            _parts.Add(("", expression));
        }
    }

    private void Add(string literal)
    {
        if (literal.Length > 0)
        {
            _parts.Add((literal, null));
        }
    }

    private static string Join(string literal, ReadOnlySpan<char> text) =>
        literal.Length == 0 ? text.ToString() : string.Concat(literal, text);
}
