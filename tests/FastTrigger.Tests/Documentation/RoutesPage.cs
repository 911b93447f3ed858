using System.Globalization;
using System.Text.RegularExpressions;
using FastTrigger.Actions;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace FastTrigger.Tests.Documentation;

/// <summary>docs/routes.md, written from the schema of routes.json: a section a definition, an item a key.</summary>
internal sealed partial class RoutesPage
{
    private const string Head = """
        # Reference of routes.json

        This page is generated from [build/routes.schema.json](../build/routes.schema.json) by `build/docs.sh`. It lists every key, what the
        key takes, and its default. [rules.md](rules.md) says what the keys mean together, and [actions.md](actions.md) shows each action.

        A key, an action or a value that is not on this page is an error at start. Where an item says "takes values", `${...}` may stand in
        it ([Values](actions.md#values)). "No event text" means that no text of an event may fill it in (C1.6). A route, an environment
        variable or a parameter may.

        """;

    private static readonly Dictionary<string, string> s_titles = new() { ["route"] = "A route", ["action"] = "An action" };

    private readonly JsonObject _schema;
    private readonly StringBuilder _text = new(Head.Replace("\r", "", StringComparison.Ordinal));

    private RoutesPage(JsonObject schema) => _schema = schema;

    public static string Write(string schema)
    {
        var page = new RoutesPage(JsonNode.Parse(schema)!.AsObject());
        page.Section("The file", page._schema);
        foreach (var name in (string[])["allow", "route", "auth", "action", .. ActionKinds.Names, "instance-targets", "role"])
        {
            page.Section(Title(name), page.Definition(name));
        }

        return page._text.ToString();
    }

    private JsonObject Definition(string name) => _schema["$defs"]![name]!.AsObject();

    private static string Title(string definition) => s_titles.GetValueOrDefault(definition, definition);

    private static string Link(string definition) =>
        $"[{definition}](#{Title(definition).ToLowerInvariant().Replace(' ', '-')})";

    private void Section(string title, JsonObject definition)
    {
        _text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n");
        Paragraph("", Linked(definition["description"]!.ToString()));
        if (definition["examples"] is JsonArray examples)
        {
            _text.Append("\n```json\n").Append(ExampleJson.Write(examples[0]!)).Append("\n```\n");
        }

        _text.Append('\n');
        Keys(definition, "");
    }

    private void Keys(JsonObject definition, string indent)
    {
        var required = definition["required"]?.AsArray().Select(name => name!.ToString()).ToHashSet() ?? [];
        foreach (var (name, value) in definition["properties"]?.AsObject() ?? [])
        {
            Key(indent, name, value!.AsObject(), required.Contains(name));
        }

        foreach (var (_, value) in definition["patternProperties"]?.AsObject() ?? [])
        {
            Key(indent, "tag:KEY", value!.AsObject(), isRequired: false);
        }

        foreach (var alternative in Alternatives(definition).Where(alternative => alternative["properties"] is not null))
        {
            Keys(alternative, indent);
        }
    }

    private void Key(string indent, string name, JsonObject key, bool isRequired)
    {
        var note = isRequired ? ", required" : "";
        if (key["default"] is { } value)
        {
            note = $", default `{(value is JsonArray list ? string.Join("`, `", list) : Plain(value))}`";
        }

        var description = key["description"]?.ToString() ?? Referred(key)?["description"]?.ToString()
            ?? throw new InvalidOperationException($"'{name}' in the schema has no description");
        Paragraph(indent, $"- `{name}` ({Takes(key)}{note}): {Linked(description)}");
        Keys(key, indent + "  ");
    }

    /// <summary>What stands behind a reference to a definition.</summary>
    private JsonObject? Referred(JsonObject key) =>
        key["$ref"] is { } reference ? Definition(reference.ToString().Split('/')[^1]) : null;

    private static IEnumerable<JsonObject> Alternatives(JsonObject key) =>
        (key["oneOf"] ?? key["anyOf"])?.AsArray().Select(alternative => alternative!.AsObject()) ?? [];

    /// <summary>What a key takes, in words.</summary>
    private string Takes(JsonObject key)
    {
        if (key["title"] is { } title)
        {
            return title.ToString();
        }

        if (key["$ref"] is { } reference)
        {
            var name = reference.ToString().Split('/')[^1];
            return name == "strings" ? "list of texts" : Link(name);
        }

        if (key["const"] is { } constant)
        {
            return $"`{constant}`";
        }

        if (key["enum"] is JsonArray names)
        {
            return Either([.. names.Select(name => $"`{name}`")]);
        }

        if (key["allOf"] is JsonArray parts)
        {
            return Takes(parts[0]!.AsObject());
        }

        return key["type"] switch
        {
            JsonArray types => Either([.. types.Select(type => Type(type!.ToString(), key))]),
            null when Alternatives(key).Any() => Either([.. Alternatives(key).Select(Takes)]),
            null => "any JSON",
            var type => Type(type.ToString(), key),
        };
    }

    private string Type(string type, JsonObject key) => type switch
    {
        "string" when key["pattern"]?.ToString() == "^[0-9]+(ms|s|m)$" => key["default"] is null ? "duration, such as `10s`" : "duration",
        "string" => "text",
        "boolean" => "true or false",
        "integer" => $"number from {key["minimum"]} to {key["maximum"]}",
        "array" => $"list of {Several(Takes(key["items"]!.AsObject()))}",
        "object" when key["additionalProperties"] is JsonObject values => $"names and {Several(Takes(values))}",
        _ => "object",
    };

    private static string Several(string takes) => takes switch
    {
        "text" => "texts",
        "text or list of texts" => "texts, or lists of texts",
        "list of texts" => "lists of texts",
        _ when takes.StartsWith("number ", StringComparison.Ordinal) => $"numbers {takes[7..]}",
        _ => takes,
    };

    private static string Either(List<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

    private static string Plain(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    /// <summary>Pages that a description names are links, as this page stands in docs/.</summary>
    private static string Linked(string description) => Page().Replace(description, "[$1]($1)");

    private void Paragraph(string indent, string text)
    {
        const int Columns = 132;
        var line = new StringBuilder(indent);
        var first = true;
        foreach (var word in text.Split(' '))
        {
            if (!first && line.Length + 1 + word.Length > Columns)
            {
                _text.Append(line).Append('\n');
                line.Clear().Append(indent).Append(text.StartsWith('-') ? "  " : "");
                first = true;
            }

            line.Append(first ? "" : " ").Append(word);
            first = false;
        }

        _text.Append(line).Append('\n');
    }

    [GeneratedRegex(@"docs/([a-z-]+\.md)")]
    private static partial Regex Page();
}
