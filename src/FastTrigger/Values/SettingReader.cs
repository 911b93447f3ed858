using System.Globalization;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Values;

/// <summary>
/// Reads the keys of one object of routes.json. A key that is not asked for by the time of <see cref="End"/> is a mistake: what this
/// version does not carry out is never ignored (C1.1).
/// </summary>
internal sealed class SettingReader(JsonNode node, string what, JsonProblems problems)
{
    private readonly List<string> _known = [];

    public JsonNode Node => node;

    public JsonProblems Problems => problems;

    /// <summary>Null, with a problem, when the node is no object.</summary>
    public static SettingReader? Open(JsonNode node, string what, JsonProblems problems)
    {
        if (!node.IsObject)
        {
            problems.Add(node, $"{what} takes an object, not {node.KindName}");
            return null;
        }

        return new(node, what, problems);
    }

    public JsonNode? Take(string name)
    {
        if (!_known.Contains(name))
        {
            _known.Add(name);
        }

        return node.Find(name);
    }

    public JsonNode? Require(string name, string form)
    {
        var value = Take(name);
        if (value is null)
        {
            problems.Add(node, $"{what} needs '{name}': {form}");
        }

        return value;
    }

    public string? String(string name)
    {
        var value = Take(name);
        return value is not null && Expect(value, value.IsString, name, "a string") ? value.Text : null;
    }

    /// <summary>One of some words; the first when nothing is said.</summary>
    public string Choice(string name, params ReadOnlySpan<string> choices)
    {
        var value = Take(name);
        if (value is null)
        {
            return choices[0];
        }

        foreach (var choice in choices)
        {
            if (value.IsString && value.Text == choice)
            {
                return choice;
            }
        }

        var form = $"\"{choices[^1]}\"";
        Expect(value, false, name, choices.Length == 1 ? form : $"\"{string.Join("\", \"", choices[..^1])}\" or {form}");
        return choices[0];
    }

    /// <summary>A string that must have a form.</summary>
    public string? Matching(string name, string form, Func<string, bool> matches)
    {
        var value = Take(name);
        return value is not null && Expect(value, value.IsString && matches(value.Text), name, form) ? value.Text : null;
    }

    /// <summary>An object of its own, whose keys are read by <paramref name="read"/>.</summary>
    public T? Object<T>(string name, Func<SettingReader, T?> read)
        where T : class
    {
        if (Take(name) is not { } value || Open(value, name, problems) is not { } settings)
        {
            return null;
        }

        var result = read(settings);
        settings.End();
        return result;
    }

    public bool Boolean(string name, bool otherwise)
    {
        var value = Take(name);
        return value is not null && Expect(value, value.Kind is JsonTokenType.True or JsonTokenType.False, name, "true or false") ? value.Kind == JsonTokenType.True : otherwise;
    }

    public int? Integer(string name, int least, int most)
    {
        var value = Take(name);
        if (value is null)
        {
            return null;
        }

        var right = int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && value.Kind == JsonTokenType.Number && number >= least && number <= most;
        return right || Expect(value, false, name, $"a whole number from {least} to {most}") ? number : null;
    }

    /// <summary>A duration such as "500ms", "10s" or "2m", in milliseconds.</summary>
    public int? Duration(string name, int mostMs)
    {
        var value = Take(name);
        if (value is null)
        {
            return null;
        }

        var number = value.Text.AsSpan().TrimEnd("ms");
        var unit = value.Text.AsSpan(number.Length) switch { "ms" => 1, "s" => 1_000, "m" => 60_000, _ => 0 };
        var right = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && value.IsString && unit > 0 && count > 0 && count <= mostMs / unit;
        return Expect(value, right, name, "a duration such as \"500ms\", \"10s\" or \"2m\"") ? count * unit : null;
    }

    public ValueTemplate? Template(string name, ValueRule rule) =>
        Take(name) is { } value && Expect(value, value.IsString, name, "a string") ? ValueTemplate.Parse(value, rule, problems) : null;

    /// <summary>An object of names and templates.</summary>
    /// <param name="refuse">Null for a name that may be used, else what is wrong with it.</param>
    public List<(string Name, ValueTemplate Value)> Templates(JsonNode value, Func<string, string?> refuse, ValueRule rule = ValueRule.Anything)
    {
        var templates = new List<(string Name, ValueTemplate Value)>(value.Members.Count);
        foreach (var member in value.Members)
        {
            if (refuse(member.Name) is { } problem)
            {
                problems.Add(member.Offset, problem);
            }
            else if (Expect(member.Value, member.Value.IsString, member.Name, "a string"))
            {
                templates.Add((member.Name, ValueTemplate.Parse(member.Value, rule, problems)));
            }
        }

        return templates;
    }

    /// <summary>A list of strings; a mistake and empty when it is something else.</summary>
    public List<JsonNode> Strings(JsonNode value, string name, bool mayBeEmpty = false)
    {
        if (!value.IsArray || !value.Items.TrueForAll(static item => item.IsString) || (value.Items.Count == 0 && !mayBeEmpty))
        {
            problems.Add(value, $"'{name}' takes a list of strings");
            return [];
        }

        return value.Items;
    }

    public bool Expect(JsonNode value, bool right, string name, string form)
    {
        if (!right)
        {
            problems.Add(value, $"'{name}' takes {form}{(value.IsString ? $", not \"{value.Text}\"" : value.Text.Length > 0 ? $", not {value.Text}" : value.IsEmpty ? ", not an empty one" : $", not {value.KindName}")}");
        }

        return right;
    }

    /// <summary>Reports every key that was not asked for.</summary>
    public void End()
    {
        foreach (var member in node.Members)
        {
            if (!_known.Contains(member.Name))
            {
                var near = _known.Find(known => IsNear(known, member.Name));
                problems.Add(member.Offset, $"'{member.Name}' is nothing that {what} carries out in this version; {(near is null ? $"it takes {string.Join(", ", _known)}" : $"did you mean '{near}'?")}");
            }
        }
    }

    /// <summary>Whether two names differ by one letter, or by their case.</summary>
    private static bool IsNear(string a, string b)
    {
        if (a.Equals(b, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var start = a.AsSpan().CommonPrefixLength(b);
        var x = a.AsSpan(start);
        var y = b.AsSpan(start);
        while (!x.IsEmpty && !y.IsEmpty && x[^1] == y[^1])
        {
            x = x[..^1];
            y = y[..^1];
        }

        return Math.Max(x.Length, y.Length) <= 1 || (x.Length == 2 && y.Length == 2 && x[0] == y[1] && x[1] == y[0]);
    }
}
