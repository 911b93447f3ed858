using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Templates;

/// <summary>Finds the differences between a deployed template and the template of the routes.</summary>
internal static class TemplateDrift
{
    private const int MaxValueLength = 120;

    /// <summary>One text for each difference: its path, the deployed value and the expected value.</summary>
    public static List<string> Find(JsonNode? deployed, JsonNode? expected)
    {
        var differences = new List<string>();
        Compare(deployed, expected, "", differences);
        return differences;
    }

    private static void Compare(JsonNode? deployed, JsonNode? expected, string path, List<string> differences)
    {
        if (BelongsToDeployment(path))
        {
            return;
        }

        switch (deployed, expected)
        {
            case (JsonObject left, JsonObject right):
                var names = left.Select(member => member.Key).Union(right.Select(member => member.Key));
                foreach (var name in names.Where(name => name != TemplateYaml.Comment))
                {
                    Compare(left[name], right[name], path.Length == 0 ? name : $"{path}.{name}", differences);
                }

                break;
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                for (var i = 0; i < left.Count; i++)
                {
                    Compare(left[i], right[i], $"{path}[{i}]", differences);
                }

                break;
            // Some tools that process a template write numbers as text.
            case (JsonValue left, JsonValue right) when left.ToString().Equals(right.ToString(), StringComparison.Ordinal):
                break;
            case (null, null):
                break;
            default:
                differences.Add(Describe(deployed, expected, path));
                break;
        }
    }

    private static string Describe(JsonNode? deployed, JsonNode? expected, string path) =>
        deployed is null ? $"{path} is not deployed"
        : expected is null ? $"{path} is deployed, and the routes do not ask for it"
        : $"{path}: deployed {Shorten(deployed)}, the routes ask for {Shorten(expected)}";

    /// <summary>Whether `sam build` or `sam package` writes the value.</summary>
    private static bool BelongsToDeployment(string path) =>
        path.EndsWith(".CodeUri", StringComparison.Ordinal)
        || (path.StartsWith("Resources.", StringComparison.Ordinal) && path.EndsWith(".Metadata", StringComparison.Ordinal));

    private static string Shorten(JsonNode node)
    {
        var text = node.ToJsonString();
        return text.Length <= MaxValueLength ? text : text[..MaxValueLength] + "...";
    }
}
