using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Templates;

/// <summary>The references of a template: parameters, resources and conditions.</summary>
internal static partial class TemplateReferences
{
    /// <summary>Names that AWS and SAM define.</summary>
    private static readonly string[] s_generated = ["Function.Alias", "FunctionUrl"];

    public static void AssertResolved(GeneratedTemplate template)
    {
        string[] defined = [.. template.Parameters.Select(member => member.Key), .. template.Resources.Select(member => member.Key)];
        string[] names = [.. defined, .. s_generated];
        foreach (var name in Find(template.Template).Where(name => !name.StartsWith("AWS::", StringComparison.Ordinal)))
        {
            Assert.Contains(name, names);
        }

        foreach (var condition in FindConditions(template.Template))
        {
            Assert.True(template.Conditions.ContainsKey(condition), condition);
        }
    }

    private static IEnumerable<string> Find(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => (member.Key, member.Value) switch
        {
            ("Ref", JsonValue name) => [name.ToString()],
            ("Fn::GetAtt", JsonArray path) => [path[0]!.ToString()],
            ("Fn::Sub", JsonValue text) => Variable().Matches(text.ToString()).Select(match => match.Groups[1].Value),
            _ => Find(member.Value),
        }),
        JsonArray items => items.SelectMany(Find),
        _ => [],
    };

    private static IEnumerable<string> FindConditions(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => (member.Key, member.Value) switch
        {
            // An IAM policy has conditions, too: those are objects.
            ("Condition", JsonValue name) => [name.ToString()],
            ("Fn::If", JsonArray choice) => FindConditions(choice[1]).Prepend(choice[0]!.ToString()),
            _ => FindConditions(member.Value),
        }),
        JsonArray items => items.SelectMany(FindConditions),
        _ => [],
    };

    /// <summary>A variable of Fn::Sub, without the attribute after a dot.</summary>
    [GeneratedRegex(@"\$\{([^}.]+)(\.[^}]+)?\}")]
    private static partial Regex Variable();
}
