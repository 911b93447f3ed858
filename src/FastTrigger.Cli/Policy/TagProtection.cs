using System.Text.Json.Nodes;
using FastTrigger.Actions.Tagging;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Policy;

/// <summary>
/// A policy that keeps everybody but the function's role from changing the tags that routes write: a service control policy or a boundary.
/// </summary>
internal static class TagProtection
{
    public static JsonObject Policy(RouteTable table, PolicyScope scope)
    {
        var actions = table.Routes.SelectMany(route => route.Actions).OfType<TagAction>();
        var keys = actions.SelectMany(action => action.Settings.Tags).Select(tag => tag.Key).Distinct().Order(StringComparer.Ordinal);
        var ofKeys = new JsonObject { ["aws:TagKeys"] = PolicyStatement.Strings(keys) };
        return new()
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(
                Deny("KeepTags", ["ec2:CreateTags", "ec2:DeleteTags"], scope, new() { ["ForAnyValue:StringEquals"] = ofKeys }),
                // DeleteTags without keys removes all tags, and has no aws:TagKeys.
                Deny("KeepAllTags", ["ec2:DeleteTags"], scope, new() { ["Null"] = new JsonObject { ["aws:TagKeys"] = "true" } })),
        };
    }

    private static JsonObject Deny(string sid, string[] actions, PolicyScope scope, JsonObject condition)
    {
        var role = $"arn:{scope.Partition}:iam::{scope.Account}:role/{scope.Function}*";
        condition["ArnNotLike"] = new JsonObject { ["aws:PrincipalArn"] = role };
        return new()
        {
            ["Sid"] = sid,
            ["Effect"] = "Deny",
            ["Action"] = PolicyStatement.Strings(actions),
            ["Resource"] = "*",
            ["Condition"] = condition,
        };
    }
}
