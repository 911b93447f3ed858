using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>DescribeTags of the world's Auto Scaling groups, and CompleteLifecycleAction, which each action accepts once.</summary>
internal sealed class AutoScalingService : LocalQueryService
{
    private static readonly string[] s_lifecycleMembers =
    [
        "AutoScalingGroupName", "LifecycleHookName", "LifecycleActionToken", "LifecycleActionResult", "InstanceId",
    ];

    private readonly LocalWorld _world;
    private readonly ConcurrentDictionary<string, bool> _completed = new();

    public AutoScalingService(LocalWorld world)
        : base("autoscaling", "2011-01-01")
    {
        _world = world;
        Add("DescribeTags", DescribeTags);
        Add("CompleteLifecycleAction", CompleteLifecycleAction);
    }

    private (JsonObject Parameters, Func<string> Run) CompleteLifecycleAction(QueryParameters query)
    {
        var parameters = new JsonObject();
        foreach (var name in s_lifecycleMembers)
        {
            if (query.Take(name) is { } value)
            {
                parameters[name] = value;
            }
        }

        return (parameters, () => Complete(parameters));
    }

    private string Complete(JsonObject parameters)
    {
        if (parameters.Text("LifecycleActionResult") is not ("CONTINUE" or "ABANDON")
            || parameters["AutoScalingGroupName"] is null
            || parameters["LifecycleHookName"] is null)
        {
            throw new AwsError(
                400,
                "ValidationError",
                "AutoScalingGroupName, LifecycleHookName and LifecycleActionResult (CONTINUE or ABANDON) are required");
        }

        var token = parameters.Text("LifecycleActionToken") ?? parameters.Text("InstanceId") ?? "";
        return _completed.TryAdd(token, true)
            ? Answer("CompleteLifecycleAction", "")
            : throw new AwsError(400, "ValidationError", $"No active Lifecycle Action found with token {token}");
    }

    private (JsonObject Parameters, Func<string> Run) DescribeTags(QueryParameters query)
    {
        var filters = query.TakeFilters("Filters.member", "Values.member");
        var parameters = new JsonObject { ["Filters"] = QueryParameters.Describe(filters) };
        return (parameters, () =>
        {
            var tags = _world.Groups
                .SelectMany(group => group.Tags.Select(tag => (Group: group.Name, tag.Key, tag.Value)))
                .Where(tag => filters.All(filter => Matches(tag, filter)))
                .Select(tag =>
                    $"<member><ResourceId>{Xml(tag.Group)}</ResourceId><ResourceType>auto-scaling-group</ResourceType>"
                    + $"<Key>{Xml(tag.Key)}</Key><Value>{Xml(tag.Value)}</Value><PropagateAtLaunch>false</PropagateAtLaunch></member>");
            return Answer("DescribeTags", $"<Tags>{string.Concat(tags)}</Tags>");
        }
        );
    }

    private static bool Matches((string Group, string Key, string Value) tag, (string Name, List<string> Values) filter) =>
        filter.Name switch
        {
            "auto-scaling-group" => filter.Values.Contains(tag.Group),
            "key" => filter.Values.Contains(tag.Key),
            "value" => filter.Values.Contains(tag.Value),
            _ => throw new AwsError(400, "ValidationError", $"Filter type {filter.Name} is not correct"),
        };
}
