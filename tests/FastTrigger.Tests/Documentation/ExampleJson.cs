using System.Text.Encodings.Web;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using JsonObject = System.Text.Json.Nodes.JsonObject;

namespace FastTrigger.Tests.Documentation;

/// <summary>JSON as a page shows it: what fits on a line stands on one.</summary>
internal static class ExampleJson
{
    private const int Columns = 100;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode node) => Write(node, indent: 0, lead: 0);

    private static string Write(JsonNode? node, int indent, int lead)
    {
        var line = Line(node);
        if (lead + line.Length <= Columns || node is not (JsonObject or JsonArray))
        {
            return line;
        }

        var pad = new string(' ', indent + 2);
        var (open, close, parts) = node is JsonObject members
            ? ('{', '}', members.Select(member => (Name: $"{Text(member.Key)}: ", member.Value)))
            : ('[', ']', node.AsArray().Select(item => (Name: "", Value: item)));
        var lines = parts.Select(part => pad + part.Name + Write(part.Value, indent + 2, indent + 2 + part.Name.Length));
        return $"{open}\n{string.Join(",\n", lines)}\n{new string(' ', indent)}{close}";
    }

    private static string Line(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject members => $"{{ {string.Join(", ", members.Select(member => $"{Text(member.Key)}: {Line(member.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(Line))}]",
        _ => node.ToJsonString(s_plain),
    };

    private static string Text(string text) => System.Text.Json.Nodes.JsonValue.Create(text).ToJsonString(s_plain);
}
