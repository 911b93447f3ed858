using System.IO.Enumeration;

namespace FastTrigger.NativeTests;

/// <summary>One question to IAM: an action on a resource, and what is known about the request.</summary>
internal sealed record IamRequest(string Action, string Resource, IReadOnlyDictionary<string, string[]> Context);

/// <summary>
/// Evaluates policies as IAM does (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html), as far as ours go: Allow and Deny,
/// wildcards, StringEquals, StringLike, ArnNotLike, ForAllValues, ForAnyValue, Null.
/// </summary>
internal static class IamSimulation
{
    public static bool Allows(JsonNode policy, IamRequest request)
    {
        var statements = policy["Statement"]!.AsArray().Where(statement => Matches(statement!, request)).ToList();
        return statements.Exists(statement => Text(statement!["Effect"]!) == "Allow") && !statements.Exists(statement => Text(statement!["Effect"]!) == "Deny");
    }

    private static bool Matches(JsonNode statement, IamRequest request) =>
        Values(statement["Action"]!).Any(action => Like(action, request.Action)) && Values(statement["Resource"]!).Any(resource => Like(resource, request.Resource))
        && (statement["Condition"]?.AsObject() ?? []).All(test => test.Value!.AsObject().All(pair => Holds(test.Key, Values(pair.Value!), request.Context.GetValueOrDefault(pair.Key))));

    private static bool Holds(string test, string[] wanted, string[]? given) => test switch
    {
        "Null" => wanted[0] == "true" == (given is null),
        // Over no values it holds: that is why Null stands beside it.
        "ForAllValues:StringEquals" => (given ?? []).All(value => wanted.Contains(value)),
        "ForAnyValue:StringEquals" => (given ?? []).Any(value => wanted.Contains(value)),
        "StringEquals" => given is not null && given.All(value => wanted.Contains(value)),
        "StringLike" => given is not null && given.All(value => wanted.Any(pattern => Like(pattern, value))),
        "ArnNotLike" => given is null || !given.Any(value => wanted.Any(pattern => Like(pattern, value))),
        _ => throw new NotSupportedException(test),
    };

    private static bool Like(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    private static string[] Values(JsonNode node) => node is JsonArray list ? [.. list.Select(value => Text(value!))] : [Text(node)];

    private static string Text(JsonNode node) => node.GetValue<string>();
}
