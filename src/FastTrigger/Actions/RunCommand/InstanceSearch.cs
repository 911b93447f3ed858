using FastTrigger.Actions.Instances;
using FastTrigger.Aws.Ec2;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`resolve`: the running instances that match some filters of DescribeInstances, but never more than a number of them.</summary>
internal sealed class InstanceSearch
{
    private const int DefaultMax = 50, MaxOfMax = 10_000;

    private readonly InstanceFilters _filters = new();
    private int _max;

    public IReadOnlyList<(string Name, List<ValueTemplate> Values)> Filters => _filters.All;

    public static InstanceSearch Read(SettingReader settings)
    {
        var search = new InstanceSearch { _max = settings.Integer("max", 1, MaxOfMax) ?? DefaultMax };
        search._filters.ReadSearch(settings, "'resolve' finds running instances, because no other takes a command");
        settings.End();
        return search;
    }

    /// <summary>Their ids; null with the result of the action.</summary>
    public List<string>? Find(ActionContext context, Ec2Client ec2, out ActionResult end)
    {
        end = default;
        var filters = new List<Filter> { new("instance-state-name", ["running"]) };
        if (_filters.AddTo(filters, context.Scope, "targets.resolve.filters.") is { } missing)
        {
            end = missing;
            return null;
        }

        var found = new List<InstanceDescription>();
        if (ec2.DescribeInstances(filters, [], found, context.Deadline) is { } failure)
        {
            end = failure.Result("DescribeInstances");
            return null;
        }

        found.RemoveAll(instance => !context.Allow.Permits(instance));
        if (found.Count == 0)
        {
            end = ActionResult.Retry("targets.resolve: no running instance fits the filters");
            return null;
        }

        if (found.Count > _max)
        {
            end = ActionResult.Failed($"targets.resolve: {found.Count} running instances fit the filters, and 'max' is {_max}");
            return null;
        }

        return found.ConvertAll(static instance => instance.InstanceId);
    }
}
