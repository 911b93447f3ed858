using System.Text.Json.Nodes;
using FastTrigger.Actions.Tagging;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Policy;

/// <summary>What keeps everybody but the function's role from changing the tags that routes write: for a service control policy or a boundary.</summary>
internal static class TagProtection
{
    public static JsonObject Policy(RouteTable table, PolicyScope scope)
    {
        var keys = table.Routes.SelectMany(route => route.Actions).OfType<TagAction>().SelectMany(tag => tag.Settings.Tags).Select(tag => tag.Key).Distinct().Order(StringComparer.Ordinal).ToList();
        return new()
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(
                Deny("KeepTags", ["ec2:CreateTags", "ec2:DeleteTags"], scope, new() { ["ForAnyValue:StringEquals"] = new JsonObject { ["aws:TagKeys"] = PolicyStatement.Strings(keys) } }),
                // DeleteTags without keys takes all tags away, and has no aws:TagKeys.
                Deny("KeepAllTags", ["ec2:DeleteTags"], scope, new() { ["Null"] = new JsonObject { ["aws:TagKeys"] = "true" } })),
        };
    }

    private static JsonObject Deny(string sid, string[] actions, PolicyScope scope, JsonObject condition)
    {
        condition["ArnNotLike"] = new JsonObject { ["aws:PrincipalArn"] = $"arn:{scope.Partition}:iam::{scope.Account}:role/{scope.Function}*" };
        return new() { ["Sid"] = sid, ["Effect"] = "Deny", ["Action"] = PolicyStatement.Strings(actions), ["Resource"] = "*", ["Condition"] = condition };
    }
}
