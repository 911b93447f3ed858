using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>Checks a request against the limits of its model, and words what it finds as AWS does.</summary>
internal sealed class InputLimits
{
    private readonly List<string> _problems = [];
    private readonly List<string> _missing = [];

    /// <summary>The required members that the request does not have.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>AWS's message; null when there is no problem.</summary>
    public string? Message => _problems.Count == 0
        ? null
        : $"{_problems.Count} validation error{(_problems.Count == 1 ? "" : "s")} detected: {string.Join("; ", _problems)}";

    public static InputLimits Check(Shape input, JsonObject request)
    {
        var limits = new InputLimits();
        limits.CheckStructure(input, request, "");
        return limits;
    }

    private void CheckStructure(Shape shape, JsonObject value, string prefix)
    {
        foreach (var name in shape.Required.Where(name => !value.ContainsKey(name)))
        {
            _missing.Add(name);
            Add("null", prefix + Lower(name), "Member must not be null");
        }

        foreach (var (name, member) in value)
        {
            Check(shape.Members[name].Shape, member!, prefix + Lower(name));
        }
    }

    private void Check(Shape shape, JsonNode value, string path)
    {
        switch (shape.Type)
        {
            case "structure":
                CheckStructure(shape, (JsonObject)value, path + ".");
                break;
            case "list":
                var list = (JsonArray)value;
                CheckSize(shape, list.Count, "length", value, path);
                foreach (var (index, element) in list.Index())
                {
                    Check(shape.Element.Shape, element!, string.Create(CultureInfo.InvariantCulture, $"{path}.{index + 1}.member"));
                }

                break;
            case "map":
                CheckSize(shape, ((JsonObject)value).Count, "length", value, path);
                foreach (var (key, entry) in (JsonObject)value)
                {
                    CheckText(shape.Key.Shape, key, path);
                    Check(shape.Value.Shape, entry!, $"{path}.{key}.member");
                }

                break;
            case "integer":
                CheckSize(shape, value.GetValue<int>(), "value", value, path);
                break;
            case "string":
                CheckText(shape, value.GetValue<string>(), path);
                break;
        }
    }

    private void CheckText(Shape shape, string text, string path)
    {
        CheckSize(shape, text.Length, "length", text, path);
        if (shape.Pattern?.IsMatch(text) == false)
        {
            Add($"'{text}'", path, $"Member must satisfy regular expression pattern: {shape.PatternText}");
        }

        if (shape.Enum.Count > 0 && !shape.Enum.Contains(text))
        {
            Add($"'{text}'", path, $"Member must satisfy enum value set: [{string.Join(", ", shape.Enum)}]");
        }
    }

    private void CheckSize(Shape shape, int size, string what, JsonNode value, string path)
    {
        if (size < shape.Min)
        {
            Add($"'{value}'", path, $"Member must have {what} greater than or equal to {shape.Min}");
        }

        if (size > shape.Max)
        {
            Add($"'{value}'", path, $"Member must have {what} less than or equal to {shape.Max}");
        }
    }

    private void Add(string value, string path, string constraint)
    {
        const int MaxShown = 1_000;
        var shown = value.Length <= MaxShown ? value : value[..MaxShown] + "...'";
        _problems.Add($"Value {shown} at '{path}' failed to satisfy constraint: {constraint}");
    }

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
