using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Actions;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.Routes;
using FastTrigger.Dispatch;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Policy;

/// <summary>
/// The least that a function with these routes needs (docs.aws.amazon.com/service-authorization/latest/reference): the permissions of the
/// calls that the routes state, on what they name.
/// </summary>
internal sealed partial class PolicyGenerator(RouteTable table, JsonNode file, PolicyScope scope)
{
    private readonly List<PolicyStatement> _statements = [];
    private readonly List<RouteProblem> _problems = [];

    /// <summary>Why no policy can be made: a resource could be any.</summary>
    public IReadOnlyList<RouteProblem> Problems => _problems;

    public IReadOnlyList<PolicyStatement> Generate()
    {
        for (var i = 0; i < table.Routes.Count; i++)
        {
            Add(table.Routes[i], file["routes"]![i]!);
        }

        return _statements;
    }

    /// <summary>The permissions that Lambda itself uses in the function's name.</summary>
    public IReadOnlyList<PolicyStatement> Platform() =>
        [.. PlatformStatements.Of(scope, table.Trust), .. scope.Key is null ? (PolicyStatement[])[] : [Key(scope.Key)]];

    /// <summary>For an environment that is encrypted with a customer managed key.</summary>
    public static PolicyStatement Key(string arn) => PlatformStatements.Key(arn);

    private void Add(Route route, JsonNode source)
    {
        var events = ApiCallsOf(source);
        var permissions = RouteCalls.Of(route)
            .Where(call => call.AfterEvents.Count == 0 || events.Count == 0 || call.AfterEvents.Any(events.Contains))
            .SelectMany(call => PermissionsOf(call, events))
            .Concat(Parameters(source));
        // Calls for one purpose, on the same resources, share a statement.
        foreach (var group in permissions.GroupBy(permission => permission.Key))
        {
            Allow(route.Name, [.. group]);
        }

        _problems.AddRange(route.Actions.SelectMany((action, i) => action.Calls
            .SelectMany(call => call.Permissions)
            .Where(permission => permission.Problem is not null)
            .Select(permission => new RouteProblem(route.Name, "do", permission.Problem!, i))));
    }

    private IEnumerable<FilledPermission> PermissionsOf(ActionCall call, IReadOnlyList<string> events)
    {
        var regions = call.Region is { } own ? [own] : call.FollowsEvent ? table.Allow.Regions : [];
        return call.Permissions.Where(permission => permission.Problem is null).Select(permission => new FilledPermission(
            NotAlphanumeric().Replace(permission.Statement, ""),
            permission.Action ?? call.Operation.IamAction,
            [.. permission.Resources.SelectMany(resource => scope.Arns(resource, regions, events))],
            Condition(permission.Conditions),
            permission.Purpose));
    }

    private static JsonObject? Condition(IReadOnlyList<CallCondition> conditions)
    {
        if (conditions.Count == 0)
        {
            return null;
        }

        var json = new JsonObject();
        foreach (var group in conditions.GroupBy(condition => condition.Operator))
        {
            json[group.Key] = new JsonObject(group.Select(condition => KeyValuePair.Create(condition.Key, (JsonNode?)Values(condition))));
        }

        return json;
    }

    private static JsonNode Values(CallCondition condition) =>
        condition.Operator == "Null" ? condition.Values[0] : PolicyStatement.Strings(condition.Values);

    /// <summary>The API calls that a route's pattern lists; none when it takes others, too.</summary>
    public static List<string> ApiCallsOf(JsonNode route)
    {
        // A pattern may list values for the whole detail: it is an array then.
        var detail = route["when"]?["detail"] as JsonObject;
        var names = detail?["eventName"] as JsonArray ?? [];
        return names.All(name => name?.GetValueKind() == JsonValueKind.String)
            ? [.. names.Select(name => name!.GetValue<string>())]
            : [];
    }

    private IEnumerable<FilledPermission> Parameters(JsonNode route)
    {
        foreach (Match match in ParameterNames().Matches(route.ToJsonString()))
        {
            yield return new(
                "ReadParameters",
                ParameterStore.Operations.GetParameter.IamAction,
                [.. scope.Arns(CallResource.Own("ssm", "parameter/" + match.Groups[1].Value.TrimStart('/')), [], [])],
                null,
                "parameters that values name");
        }
    }

    private void Allow(string route, IReadOnlyList<FilledPermission> permissions)
    {
        var (sid, condition) = (permissions[0].Sid, permissions[0].Condition);
        var actions = permissions.Select(permission => permission.Action).Distinct().ToList();
        var statement = _statements.Find(known =>
            known.Name == sid && JsonNode.DeepEquals(known.Condition, condition) && known.Actions.SequenceEqual(actions));
        if (statement is null)
        {
            var number = _statements.Count(known => known.Name == sid) + 1;
            statement = new(number == 1 ? sid : $"{sid}No{number}", actions, condition, "") { Name = sid };
            _statements.Add(statement);
        }

        statement.Routes.Add(route);
        foreach (var permission in permissions)
        {
            statement.Resources.UnionWith(permission.Resources);
            statement.Explain(permission.Purpose);
        }
    }

    [GeneratedRegex("[^A-Za-z0-9]")]
    private static partial Regex NotAlphanumeric();

    [GeneratedRegex(@"\$\{ssm:([A-Za-z0-9._/-]+)")]
    private static partial Regex ParameterNames();

    /// <summary>A permission with ARNs.</summary>
    private sealed record FilledPermission(string Sid, string Action, string[] Resources, JsonObject? Condition, string Purpose)
    {
        public string Key => string.Join('\n', [Sid, Condition?.ToJsonString() ?? "", .. Resources]);
    }
}
