using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.Policy;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Routes;

/// <summary>A `tag` tags what an API call of EC2 created, as CloudTrail reports it. A route of other events never tags anything.</summary>
internal static class TagCheck
{
    private const string Source = "aws.ec2", DetailType = "AWS API Call via CloudTrail";

    /// <param name="source">The route in its file.</param>
    public static IEnumerable<RouteProblem> Find(Route route, JsonNode source)
    {
        if ((Reason(source) ?? Reason(route.From)) is not { } reason)
        {
            return [];
        }

        var message = $"it tags what an API call of EC2 created, and {reason}; docs/actions.md lists the calls, such as RunInstances";
        return Enumerable.Range(0, route.Actions.Count)
            .Where(i => route.Actions[i] is TagAction)
            .Select(i => new RouteProblem(route.Name, "do", message, i));
    }

    private static string? Reason(JsonNode route)
    {
        if (route["when"] is not JsonObject when)
        {
            return "a schedule reports none";
        }

        var calls = PolicyGenerator.ApiCallsOf(route);
        return Excludes(when["source"], Source) ? $"the pattern's source is never {Source}"
            : Excludes(when["detail-type"], DetailType) ? $"the pattern's detail-type is never {DetailType}"
            : calls.Count > 0 && calls.TrueForAll(call => CreatingCalls.Find(call) is null)
                ? $"{string.Join(", ", calls)} creates nothing that can be tagged"
            : null;
    }

    /// <summary>Only EventBridge, and a caller that passes its event on, bring CloudTrail's form.</summary>
    private static string? Reason(IReadOnlyList<string> from) =>
        from.Count > 0 && from.All(static chain => chain.Split('/')[^1] is not ("eventbridge" or "direct"))
            ? $"events from {string.Join(", ", from)} report none"
            : null;

    /// <summary>Whether a list of texts has none that is right. An operator may match it.</summary>
    private static bool Excludes(JsonNode? tests, string right) =>
        tests is JsonArray list
        && list.All(test => test?.GetValueKind() == JsonValueKind.String && test.GetValue<string>() != right);
}
