using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Templates;

/// <summary>Where a deployed template is not what the routes ask for.</summary>
internal static class TemplateDrift
{
    /// <summary>Each difference: its path, what is deployed and what would be.</summary>
    public static List<string> Find(JsonNode? deployed, JsonNode? wanted)
    {
        var differences = new List<string>();
        Compare(deployed, wanted, "", differences);
        return differences;
    }

    private static void Compare(JsonNode? deployed, JsonNode? wanted, string path, List<string> differences)
    {
        if (IsOfTheDeployment(path))
        {
            return;
        }

        switch (deployed, wanted)
        {
            case (JsonObject left, JsonObject right):
                foreach (var name in left.Select(member => member.Key).Union(right.Select(member => member.Key)).Where(name => name != TemplateYaml.Comment))
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
            // A template goes through several hands, some of which write numbers as text.
            case (JsonValue left, JsonValue right) when left.ToString().Equals(right.ToString(), StringComparison.Ordinal):
                break;
            case (null, null):
                break;
            default:
                differences.Add(deployed is null ? $"{path} is not deployed" : wanted is null ? $"{path} is deployed, and the routes do not ask for it" : $"{path}: deployed {Shown(deployed)}, the routes ask for {Shown(wanted)}");
                break;
        }
    }

    /// <summary>What `sam build` and `sam package` put in.</summary>
    private static bool IsOfTheDeployment(string path) =>
        path.EndsWith(".CodeUri", StringComparison.Ordinal) || (path.StartsWith("Resources.", StringComparison.Ordinal) && path.EndsWith(".Metadata", StringComparison.Ordinal));

    private static string Shown(JsonNode node)
    {
        var text = node.ToJsonString();
        return text.Length <= 120 ? text : text[..120] + "...";
    }
}
