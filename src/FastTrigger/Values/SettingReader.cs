using System.Globalization;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Values;

/// <summary>
/// Reads the keys of one object of routes.json. A key that was not read before <see cref="End"/> is a mistake, because an
/// unsupported key is never ignored (C1.1).
/// </summary>
internal sealed class SettingReader(JsonNode node, string what, JsonProblems problems)
{
    private SettingKeys _keys = new(node);

    public JsonNode Node => node;

    public JsonProblems Problems => problems;

    /// <summary>Null, with a problem, when the node is not an object.</summary>
    public static SettingReader? Open(JsonNode node, string what, JsonProblems problems)
    {
        if (!node.IsObject)
        {
            problems.Add(node, $"{what} takes an object, not {node.KindName}");
            return null;
        }

        return new(node, what, problems);
    }

    /// <summary>The value of a key, which <see cref="End"/> then takes as one that the object may have; null when it is missing.</summary>
    public JsonNode? Take(string name) => _keys.Take(name);

    /// <summary>The same for a key that is taken elsewhere, too.</summary>
    public JsonNode? Find(string name) => _keys.Find(name);

    /// <summary>Reports what is wrong with the value of a key that the object has.</summary>
    public void Refuse(string name, string problem) => problems.Add(node.Find(name)!.Value, problem);

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
        return Take(name) is { } value && Expect(value, value.IsString, name, "a string") ? value.Text : null;
    }

    /// <summary>One of several texts; the first when the key is missing.</summary>
    public string Choice(string name, params ReadOnlySpan<string> choices)
    {
        if (Take(name) is not { } value)
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

    /// <summary>A string that must have a given form.</summary>
    public string? Matching(string name, string form, Func<string, bool> matches)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        var text = value.Text;
        return Expect(value, value.IsString && matches(text), name, form) ? text : null;
    }

    /// <summary>An object whose keys <paramref name="read"/> reads.</summary>
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
        if (Take(name) is not { } value)
        {
            return otherwise;
        }

        var isBoolean = value.Kind is JsonTokenType.True or JsonTokenType.False;
        return Expect(value, isBoolean, name, "true or false") ? value.Kind == JsonTokenType.True : otherwise;
    }

    public int? Integer(string name, int min, int max)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        var isNumber = int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && value.Kind == JsonTokenType.Number;
        var isRight = isNumber && number >= min && number <= max;
        return isRight || Expect(value, false, name, $"a whole number from {min} to {max}") ? number : null;
    }

    /// <summary>A duration such as "500ms", "10s" or "2m", in milliseconds.</summary>
    public int? Duration(string name, int maxMs)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        var number = value.Text.AsSpan().TrimEnd("ms");
        var unit = value.Text.AsSpan(number.Length) switch { "ms" => 1, "s" => 1_000, "m" => 60_000, _ => 0 };
        var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var isRight = value.IsString && isNumber && unit > 0 && count > 0 && count <= maxMs / unit;
        return Expect(value, isRight, name, "a duration such as \"500ms\", \"10s\" or \"2m\"") ? count * unit : null;
    }

    public ValueTemplate? Template(string name, ValueRule rule) =>
        Take(name) is { } value && Expect(value, value.IsString, name, "a string")
            ? ValueTemplate.Parse(value, rule, problems)
            : null;

    /// <summary>An object of names and templates.</summary>
    /// <param name="refuse">Returns null for a valid name, else the problem.</param>
    public List<(string Name, ValueTemplate Value)> Templates(
        JsonNode value,
        Func<string, string?> refuse,
        ValueRule rule = ValueRule.Anything)
    {
        var templates = new List<(string Name, ValueTemplate Value)>(value.Members.Length);
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

    /// <summary>A list of strings. Anything else is a mistake and gives an empty list.</summary>
    public JsonNode[] Strings(JsonNode value, string name, bool mayBeEmpty = false)
    {
        var items = value.Items.ToArray();
        var isStrings = value.IsArray && Array.TrueForAll(items, static item => item.IsString);
        if (!isStrings || (items.Length == 0 && !mayBeEmpty))
        {
            problems.Add(value, $"'{name}' takes a list of strings");
            return [];
        }

        return items;
    }

    public bool Expect(JsonNode value, bool isRight, string name, string form)
    {
        if (!isRight)
        {
            problems.Add(value, $"'{name}' takes {form}, not {Describe(value)}");
        }

        return isRight;
    }

    /// <summary>Reports every key that was not read. Then nothing more can be read.</summary>
    public void End()
    {
        var i = 0;
        foreach (var (name, offset, _) in node.Members)
        {
            if (!_keys.IsTaken(i++, name))
            {
                var known = _keys.Taken();
                var hint = NearName.Hint(name, known, $"it takes {string.Join(", ", known)}");
                problems.Add(offset, $"'{name}' is not a key of {what} in this version; {hint}");
            }
        }

        _keys.End();
    }

    /// <summary>Whether a text has only ASCII letters, digits and these signs.</summary>
    public static bool IsMadeOf(string text, string signs)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !signs.Contains(letter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A value as a message shows it.</summary>
    private static string Describe(JsonNode value)
    {
        if (value.IsString)
        {
            return $"\"{value.Text}\"";
        }

        return value.Text.Length > 0 ? value.Text : value.IsEmpty ? "an empty one" : value.KindName;
    }
}
