using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>DescribeTags of the world's Auto Scaling groups, and CompleteLifecycleAction, which each action accepts once.</summary>
internal sealed class AutoScalingService : LocalQueryService
{
    private readonly LocalWorld _world;
    private readonly ConcurrentDictionary<string, bool> _completed = new();

    public AutoScalingService(LocalWorld world)
        : base("autoscaling", "2011-01-01")
    {
        _world = world;
        Add("DescribeTags", DescribeTags);
        Add("CompleteLifecycleAction", CompleteLifecycleAction);
    }

    private string CompleteLifecycleAction(JsonObject request)
    {
        if (request.Text("LifecycleActionResult") is not ("CONTINUE" or "ABANDON"))
        {
            throw AwsError.Validation("LifecycleActionResult is CONTINUE or ABANDON");
        }

        var token = request.Text("LifecycleActionToken") ?? request.Text("InstanceId") ?? "";
        return _completed.TryAdd(token, true)
            ? ""
            : throw AwsError.Validation($"No active Lifecycle Action found with token {token}");
    }

    private string DescribeTags(JsonObject request)
    {
        const int MaxRecords = 100;
        var filters = request.Filters();
        var size = request.Number("MaxRecords") ?? Math.Min(50, _world.PageSize);
        if (size is < 1 or > MaxRecords)
        {
            throw AwsError.Validation($"MaxRecords is 1 to {MaxRecords}");
        }

        var all = _world.Groups
            .SelectMany(group => group.Tags.Select(tag => (Group: group.Name, tag.Key, tag.Value)))
            .Where(tag => filters.All(filter => Matches(tag, filter)))
            .ToList();
        var (tags, next) = request.Page(all, size, "InvalidNextToken");
        var members = tags.Select(tag =>
            $"<member><ResourceId>{Xml(tag.Group)}</ResourceId><ResourceType>auto-scaling-group</ResourceType>"
            + $"<Key>{Xml(tag.Key)}</Key><Value>{Xml(tag.Value)}</Value><PropagateAtLaunch>false</PropagateAtLaunch></member>");
        return $"<Tags>{string.Concat(members)}</Tags>" + (next is null ? "" : $"<NextToken>{next}</NextToken>");
    }

    private static bool Matches((string Group, string Key, string Value) tag, (string Name, List<string> Values) filter) =>
        filter.Name switch
        {
            "auto-scaling-group" => filter.Values.Contains(tag.Group),
            "key" => filter.Values.Contains(tag.Key),
            "value" => filter.Values.Contains(tag.Value),
            "propagate-at-launch" => filter.Values.Contains("false"),
            _ => throw AwsError.Validation($"Filter type {filter.Name} is not correct"),
        };
}
