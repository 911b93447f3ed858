using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Values;

/// <summary>The content of one `${...}`: the source of a value, and the default when the value is missing.</summary>
internal sealed class ValueExpression
{
    private const string ParameterPrefix = "ssm:", VariablePrefix = "env.", EnvelopePrefix = "item.envelope";
    private const int MaxParameterLength = 1_011;

    private const string All = "use event.PATH, item.id, item.source, item.envelope.PATH, owner, principal, userid, email, role, env.NAME, "
        + "ssm:/PATH, route.name or now (write $${ for a literal ${)";

    /// <summary>What an expression may begin with.</summary>
    private static readonly string[] s_names =
        ["event", "item", "owner", "principal", "userid", "email", "role", "env", "ssm", "route", "now"];

    private readonly string _source;
    private readonly EventPath? _path;
    private readonly string? _default;

    /// <summary>The envelope that the path starts at: 0 is the event itself, 1 its envelope, 2 the envelope around that.</summary>
    private readonly int _outward;

    private ValueExpression(string source, EventPath? path, int outward, string? fallback)
    {
        _source = source;
        _path = path;
        _outward = outward;
        _default = fallback;
    }

    /// <summary>Whether it can have several values.</summary>
    public bool IsList => _path?.IsList ?? false;

    public static ValueExpression? Parse(string text, ValueRule rule, out string problem)
    {
        string? fallback = null;
        var source = text.Trim();
        var question = source.AsSpan().IndexOf("??".AsSpan());
        if (question >= 0)
        {
            var quoted = source.AsSpan(question + 2).Trim();
            if (quoted.Length < 2 || quoted[0] != '\'' || quoted[^1] != '\'')
            {
                var name = source[..question].Trim();
                problem = $"the default in ${{{text}}} is written in single quotes: ${{{name} ?? 'text'}}";
                return null;
            }

            fallback = quoted[1..^1].ToString();
            source = source[..question].Trim();
        }

        EventPath? path = null;
        if (PathStart(source, out var outward) is > 0 and var start)
        {
            path = EventPath.Parse(source.AsSpan(start), out problem);
            if (path is null)
            {
                problem = $"${{{source}}}: {problem}";
                return null;
            }
        }

        problem = Check(source, path is not null, rule);
        return problem.Length > 0 ? null : new(source, path, outward, fallback);
    }

    public ValueResult Evaluate(in ValueScope scope)
    {
        var value = _path is null ? Named(scope) : FromEvent(scope);
        var isAbsent = value.Kind is ValueKind.Missing or ValueKind.Nobody;
        return isAbsent && _default is not null ? ValueResult.Of(_default) : value;
    }

    /// <summary>
    /// Where the path starts in `event.PATH`, `item.envelope.PATH` or `item.envelope.envelope.PATH`; 0 for any other text.
    /// </summary>
    private static int PathStart(string source, out int outward)
    {
        outward = 0;
        var start = "event".Length;
        if (source.StartsWith(EnvelopePrefix, StringComparison.Ordinal))
        {
            start = EnvelopePrefix.Length;
            for (outward = 1; source.AsSpan(start).StartsWith(".envelope"); outward++)
            {
                start += ".envelope".Length;
            }
        }
        else if (!source.StartsWith("event", StringComparison.Ordinal))
        {
            return 0;
        }

        return source.Length > start && source[start] is '.' or '[' ? start : 0;
    }

    private static string Check(string source, bool isPath, ValueRule rule)
    {
        if (source.StartsWith(ParameterPrefix, StringComparison.Ordinal))
        {
            return IsParameter(source.AsSpan(ParameterPrefix.Length))
                ? ""
                : $"${{{source}}}: a parameter's name is letters, digits and . - _ /, as in ${{ssm:/plant/key}}";
        }

        var isEventText = isPath || source is "owner" or "principal" or "userid" or "email" or "role" or "item.id" or "item.source";
        var isAllowed = rule == ValueRule.Anything || (rule == ValueRule.Account && source == "event.account");
        if (isEventText && !isAllowed)
        {
            return $"${{{source}}}: text from an event may not go here";
        }

        var isVariable = source.StartsWith(VariablePrefix, StringComparison.Ordinal) && source.Length > VariablePrefix.Length;
        return isEventText || isVariable || source is "route.name" or "now"
            ? ""
            : $"${{{source}}} is not known; " + (Meant(source) ?? All);
    }

    /// <summary>The expression that was meant; null when none is like it.</summary>
    private static string? Meant(string source)
    {
        if (source.StartsWith("detail", StringComparison.Ordinal))
        {
            return $"did you mean ${{event.{source}}}?";
        }

        var end = source.AsSpan().IndexOfAny('.', ':', '[');
        var first = end < 0 ? source : source[..end];
        return NearName.Find(first, s_names) is { } near && near != first ? $"did you mean ${{{near}{source[first.Length..]}}}?" : null;
    }

    private static bool IsParameter(ReadOnlySpan<char> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_' or '/'))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= MaxParameterLength;
    }

    private ValueResult Named(in ValueScope scope)
    {
        switch (_source)
        {
            case "owner":
                return scope.Item.Identity.As(scope.Owner, out var nobody) is { } owner
                    ? ValueResult.Of(owner)
                    : new(ValueKind.Nobody, nobody);
            case "principal":
                return OrMissing(scope.Item.Identity.Principal);
            case "userid":
                return OrMissing(scope.Item.Identity.UserId);
            case "email":
                return OrMissing(scope.Item.Identity.Email);
            case "role":
                return OrMissing(scope.Item.Identity.Role);
            case "item.id":
                return ValueResult.Of(scope.Item.Id);
            case "item.source":
                return ValueResult.Of(scope.Item.Source);
            case "route.name":
                return ValueResult.Of(scope.RouteName);
            case "now":
                return ValueResult.Of(new ByteBuffer(32).AppendIso(scope.Clock.UnixMs).ToString());
            default:
                return _source.StartsWith(ParameterPrefix, StringComparison.Ordinal)
                    ? scope.Parameter(_source[ParameterPrefix.Length..])
                    : FromVariable(_source[VariablePrefix.Length..], scope);
        }
    }

    /// <summary>The path to the nearest name that the event has where the path leaves it; null when none is near.</summary>
    private string? Meant(JsonElement root) => _path!.Nearest(root, _source[..PathStart(_source, out _)]);

    private static ValueResult FromVariable(string name, in ValueScope scope) =>
        scope.Variable(name) is { } value ? ValueResult.Of(value) : ValueResult.Missing($"the environment variable {name}");

    private ValueResult OrMissing(string? value) => value is null ? ValueResult.Missing(_source) : ValueResult.Of(value);

    private ValueResult FromEvent(in ValueScope scope)
    {
        var item = scope.Item;
        var found = new List<JsonElement>(1);
        var envelope = item.Envelope;
        for (var i = 1; i < _outward; i++)
        {
            envelope = envelope?.Outer;
        }

        var root = _outward == 0 ? item.Event : envelope?.Json ?? default;
        _path!.Find(root, found);
        if (found.Count == 0)
        {
            return scope.Placeholder is { } text ? ValueResult.Of(text)
                // With a default nobody asks what was meant.
                : ValueResult.Missing(_source) with { Meant = _default is null ? Meant(root) : null };
        }

        var texts = new List<string>(found.Count);
        foreach (var element in found)
        {
            if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                var kind = element.ValueKind == JsonValueKind.Object ? "an object" : "an array";
                return new(ValueKind.Refused, $"{_source} is {kind}; a text, number or boolean is needed");
            }

            texts.Add(element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());
        }

        return IsList ? new(ValueKind.List, "", texts) : ValueResult.Of(texts[0]);
    }
}
