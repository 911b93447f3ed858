using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Json;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Routes;

/// <summary>A field that did not match: what the pattern wants there, what the event has there, and what is near.</summary>
internal sealed class MismatchedField
{
    private const int MaxElsewhere = 3;

    private const string EveryElement = "[*]";

    private readonly string _root;
    private readonly string[] _path;
    private readonly JsonElement _event;
    private readonly JsonNode? _wants;
    private readonly JsonElement? _has;

    private readonly string _nearest;

    /// <param name="root">Where the event, or its element, is; empty for the event.</param>
    /// <param name="nearest">Which element it is; empty for the event.</param>
    private MismatchedField(string root, string field, JsonObject when, JsonElement item, string nearest)
    {
        (_root, _nearest) = (root, nearest);
        _path = field.Split('.');
        _event = item;
        _wants = Wanted(when, _path);
        _has = At(item, _path[^1] == "$or" ? _path[..^1] : _path);
    }

    /// <summary>The path from the event on.</summary>
    public string Path => Join(_root, string.Join('.', _path));

    /// <summary>As JSON.</summary>
    public string Wants => _wants?.ToJsonString(ReadableJson.OneLine) ?? "another value";

    /// <summary>As JSON; null for nothing.</summary>
    public string? Has => _has is { } value ? JsonNode.Parse(value.GetRawText())?.ToJsonString(ReadableJson.OneLine) ?? "null" : null;

    /// <param name="field">
    /// The path of <see cref="Patterns.ObjectNode.FirstMismatch(JsonElement)"/>, such as detail.state, detail.items[*] or detail.$or.
    /// </param>
    public static MismatchedField Find(string field, JsonObject when, JsonElement item)
    {
        var (root, at, pattern, nearest) = ("", item, when, "");
        while (field.EndsWith(EveryElement, StringComparison.Ordinal))
        {
            field = field[..^EveryElement.Length];
            var path = field.Split('.');
            if (Wanted(pattern, path) is not JsonObject inside
                || At(at, path) is not { } array
                || NearestElement.Find(Join(root, field), inside, array) is not { } element)
            {
                break;
            }

            (root, at, pattern, field) = (element.Path, element.Element, inside, element.Field);
            nearest = element.Count > 1 ? $"of {element.Count} elements {root} comes nearest" : "";
        }

        return new(root, field, pattern, at, nearest);
    }

    /// <summary>A near miss; empty when there is none.</summary>
    public string Hint()
    {
        var near = _path[^1] == "$or" ? "" : _has is { } value ? NearValue(value) : NearPlace();
        return near.Length > 0 && _nearest.Length > 0 ? $"{_nearest}; {near}" : near + _nearest;
    }

    private static string Join(string root, string path) => root.Length == 0 ? path : $"{root}.{path}";

    /// <summary>The part of a pattern at a path. Its keys may have dots, too.</summary>
    private static JsonNode? Wanted(JsonNode? pattern, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return pattern;
        }

        for (var count = path.Length; count > 0; count--)
        {
            if ((pattern as JsonObject)?[string.Join('.', path[..count]!)] is { } inner && Wanted(inner, path[count..]) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static JsonElement? At(JsonElement at, ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }

    private string NearValue(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && _wants is JsonArray)
        {
            return "the event has an object there: name a field inside it";
        }

        var isNumeric = (_wants as JsonArray ?? []).OfType<JsonObject>().Any(test => test.ContainsKey("numeric"));
        if (isNumeric && value.ValueKind == JsonValueKind.String)
        {
            return "the event has text, and numeric takes a number";
        }

        foreach (var wanted in (_wants as JsonArray ?? []).OfType<JsonValue>())
        {
            var (kind, text) = (wanted.GetValueKind(), wanted.ToString());
            foreach (var (_, leaf) in NearestElement.Flatten("", value))
            {
                if (Compare(kind, text, leaf) is { } near)
                {
                    return near;
                }
            }
        }

        return "";
    }

    private static string? Compare(JsonValueKind kind, string wanted, JsonElement leaf)
    {
        var has = leaf.ToString();
        if (kind != leaf.ValueKind && wanted.Equals(has, StringComparison.OrdinalIgnoreCase))
        {
            return $"the pattern has {Kind(kind)}, and the event has {Kind(leaf.ValueKind)}";
        }

        if (kind != JsonValueKind.String || leaf.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return wanted.Equals(has, StringComparison.OrdinalIgnoreCase)
            ? "only upper and lower case differ; {\"equals-ignore-case\": ...} takes both"
            : wanted.Trim().Equals(has.Trim(), StringComparison.OrdinalIgnoreCase) ? "only spaces at the ends differ"
            : wanted.Contains('*') ? "a * is any text only in {\"wildcard\": ...}"
            : null;
    }

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private string NearPlace()
    {
        var elsewhere = new List<string>();
        Search(_event, _root, elsewhere);
        if (elsewhere.Count > 0)
        {
            return $"the event has '{_path[^1]}' at {string.Join(", ", elsewhere.Take(MaxElsewhere))}";
        }

        for (var count = 1; count < _path.Length; count++)
        {
            if (At(_event, _path.AsSpan(0, count)) is { ValueKind: JsonValueKind.String })
            {
                return $"the event has text at {Join(_root, string.Join('.', _path[..count]))}, not an object";
            }
        }

        // The name where the path leaves the event.
        for (var count = _path.Length - 1; count >= 0; count--)
        {
            if (At(_event, _path.AsSpan(0, count)) is { ValueKind: JsonValueKind.Object } parent)
            {
                var names = parent.EnumerateObject().Select(member => member.Name).ToList();
                return NearName.Find(_path[count], names) is { } near ? $"the event has '{near}' there"
                    : names.Count == 0 ? ""
                    : $"the event has {string.Join(", ", names.Take(8))} there";
            }
        }

        return "";
    }

    private void Search(JsonElement at, string path, List<string> found)
    {
        if (at.ValueKind == JsonValueKind.Array)
        {
            foreach (var (i, inner) in at.EnumerateArray().Index())
            {
                Search(inner, $"{path}[{i}]", found);
            }
        }
        else if (at.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in at.EnumerateObject())
            {
                var inner = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                if (member.Name == _path[^1])
                {
                    found.Add(inner);
                }

                Search(member.Value, inner, found);
            }
        }
    }
}
