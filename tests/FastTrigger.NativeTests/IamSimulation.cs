using System.IO.Enumeration;

namespace FastTrigger.NativeTests;

/// <summary>A question to IAM: an action, a resource, and the context of the request.</summary>
internal sealed record IamRequest(string Action, string Resource, IReadOnlyDictionary<string, string[]> Context);

/// <summary>
/// Evaluates policies as IAM does (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). It supports what the
/// generated policies use: Allow, Deny, wildcards, StringEquals, StringLike, ArnNotLike, ForAllValues, ForAnyValue and Null.
/// </summary>
internal static class IamSimulation
{
    public static bool Allows(JsonNode policy, IamRequest request)
    {
        var statements = policy["Statement"]!.AsArray().Where(statement => Matches(statement!, request)).ToList();
        return statements.Exists(statement => statement.Text("Effect") == "Allow")
            && !statements.Exists(statement => statement.Text("Effect") == "Deny");
    }

    private static bool Matches(JsonNode statement, IamRequest request)
    {
        var conditions = statement["Condition"]?.AsObject() ?? [];
        return Values(statement["Action"]!).Any(action => Like(action, request.Action))
            && Values(statement["Resource"]!).Any(resource => Like(resource, request.Resource))
            && conditions.All(test => Holds(test.Key, test.Value!.AsObject(), request.Context));
    }

    private static bool Holds(string test, JsonObject keys, IReadOnlyDictionary<string, string[]> context) =>
        keys.All(key => Holds(test, Values(key.Value!), context.GetValueOrDefault(key.Key)));

    private static bool Holds(string test, string[] expected, string[]? actual) => test switch
    {
        "Null" => expected[0] == "true" == (actual is null),
        // It holds for no values, which is why the policies combine it with Null.
        "ForAllValues:StringEquals" => (actual ?? []).All(value => expected.Contains(value)),
        "ForAnyValue:StringEquals" => (actual ?? []).Any(value => expected.Contains(value)),
        "StringEquals" => actual is not null && actual.All(value => expected.Contains(value)),
        "StringLike" => actual is not null && actual.All(value => expected.Any(pattern => Like(pattern, value))),
        "ArnNotLike" => actual is null || !actual.Any(value => expected.Any(pattern => Like(pattern, value))),
        _ => throw new NotSupportedException(test),
    };

    private static bool Like(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    private static string[] Values(JsonNode node) => node is JsonArray list ? [.. list.Select(value => Text(value!))] : [Text(node)];

    private static string Text(JsonNode node) => node.GetValue<string>();
}
