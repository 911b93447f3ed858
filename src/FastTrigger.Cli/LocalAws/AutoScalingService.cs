using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>DescribeTags of the world's Auto Scaling groups.</summary>
internal sealed class AutoScalingService : LocalQueryService
{
    private readonly LocalWorld _world;

    public AutoScalingService(LocalWorld world)
        : base("autoscaling", "2011-01-01")
    {
        _world = world;
        Add("DescribeTags", DescribeTags);
    }

    private (JsonObject Parameters, Func<string> Run) DescribeTags(QueryParameters query)
    {
        var filters = query.TakeFilters("Filters.member", "Values.member");
        var parameters = new JsonObject { ["Filters"] = new JsonArray([.. filters.Select(filter => new JsonObject { ["Name"] = filter.Name, ["Values"] = QueryParameters.Strings(filter.Values) })]) };
        return (parameters, () =>
        {
            var tags = _world.Groups.SelectMany(group => group.Tags.Select(tag => (Group: group.Name, tag.Key, tag.Value))).Where(tag => filters.All(filter => filter.Name switch
            {
                "auto-scaling-group" => filter.Values.Contains(tag.Group),
                "key" => filter.Values.Contains(tag.Key),
                "value" => filter.Values.Contains(tag.Value),
                _ => throw new AwsError(400, "ValidationError", $"Filter type {filter.Name} is not correct"),
            }));
            return Answer("DescribeTags", $"<Tags>{string.Concat(tags.Select(tag => $"<member><ResourceId>{Xml(tag.Group)}</ResourceId><ResourceType>auto-scaling-group</ResourceType><Key>{Xml(tag.Key)}</Key><Value>{Xml(tag.Value)}</Value><PropagateAtLaunch>false</PropagateAtLaunch></member>"))}</Tags>");
        }
        );
    }
}
