using FastTrigger.Aws.Ec2;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`resolve`: the running instances that match some filters of DescribeInstances, but never more than a number of them.</summary>
internal sealed class InstanceSearch
{
    private const int DefaultMax = 50, MaxOfMax = 10_000, MaxFilterValues = 200;

    private readonly List<(string Name, List<ValueTemplate> Values)> _filters = [];
    private int _max;

    public List<(string Name, List<ValueTemplate> Values)> Filters => _filters;

    public static InstanceSearch Read(SettingReader settings)
    {
        const string Form = "filters of DescribeInstances: {\"tag:Role\": [\"pump-controller\"], \"vpc-id\": [\"vpc-...\"]}";
        var search = new InstanceSearch { _max = settings.Integer("max", 1, MaxOfMax) ?? DefaultMax };
        if (settings.Require("filters", Form) is { } filters
            && settings.Expect(filters, filters.IsObject && filters.Members.Length > 0, "filters", Form))
        {
            foreach (var member in filters.Members)
            {
                search.ReadFilter(member, settings);
            }
        }

        settings.End();
        return search;
    }

    /// <summary>Their ids; null with the result of the action.</summary>
    public List<string>? Find(ActionContext context, Ec2Client ec2, out ActionResult end)
    {
        if (Evaluate(context, out end) is not { } filters)
        {
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

    private void ReadFilter(JsonMember member, SettingReader settings)
    {
        var values = settings.Strings(member.Value, member.Name);
        settings.Expect(member.Value, values.Length <= MaxFilterValues, member.Name, "at most 200 values");
        if (member.Name == "instance-state-name")
        {
            settings.Problems.Add(member.Offset, "'resolve' finds running instances, because no other takes a command");
        }

        _filters.Add((member.Name, values.ConvertEach(value => ValueTemplate.Parse(value, ValueRule.NoEvent, settings.Problems))));
    }

    private List<Filter>? Evaluate(ActionContext context, out ActionResult end)
    {
        end = default;
        var filters = new List<Filter> { new("instance-state-name", ["running"]) };
        foreach (var (name, templates) in _filters)
        {
            var values = new List<string>(templates.Count);
            foreach (var template in templates)
            {
                var value = template.Evaluate(context.Scope);
                if (value.Failure($"targets.resolve.filters.{name}") is { } missing)
                {
                    end = missing;
                    return null;
                }

                values.Add(value.Joined);
            }

            filters.Add(new(name, values));
        }

        return filters;
    }
}
