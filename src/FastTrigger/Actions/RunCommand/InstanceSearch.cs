using FastTrigger.Aws.Ec2;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`resolve`: the running instances that fit some filters of DescribeInstances, but never more than a number of them.</summary>
internal sealed class InstanceSearch
{
    private const int DefaultMost = 50, MostMost = 10_000;

    private readonly List<(string Name, List<ValueTemplate> Values)> _filters = [];
    private int _most;

    public List<(string Name, List<ValueTemplate> Values)> Filters => _filters;

    public static InstanceSearch Read(SettingReader settings)
    {
        const string Form = "filters of DescribeInstances: {\"tag:Role\": [\"pump-controller\"], \"vpc-id\": [\"vpc-...\"]}";
        var search = new InstanceSearch { _most = settings.Integer("max", 1, MostMost) ?? DefaultMost };
        if (settings.Require("filters", Form) is { } filters && settings.Expect(filters, filters.IsObject && filters.Members.Count > 0, "filters", Form))
        {
            foreach (var member in filters.Members)
            {
                var values = settings.Strings(member.Value, member.Name);
                settings.Expect(member.Value, values.Count <= 200, member.Name, "at most 200 values");
                if (member.Name == "instance-state-name")
                {
                    settings.Problems.Add(member.Offset, "'resolve' finds running instances, because no other takes a command");
                }

                search._filters.Add((member.Name, values.ConvertAll(value => ValueTemplate.Parse(value, ValueRule.NoEvent, settings.Problems))));
            }
        }

        settings.End();
        return search;
    }

    /// <summary>Their ids; null with how the action ends.</summary>
    public List<string>? Find(ActionContext context, Ec2Client ec2, out ActionResult end)
    {
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

        var found = new List<InstanceDescription>();
        end = default;
        if (ec2.DescribeInstances(filters, [], found, context.Deadline) is { } failure)
        {
            end = failure.Result("DescribeInstances");
            return null;
        }

        found.RemoveAll(instance => !context.Allow.Permits(instance));
        if (found.Count == 0)
        {
            end = ActionResult.Retry("targets.resolve: no running instance fits the filters");
        }
        else if (found.Count > _most)
        {
            end = ActionResult.Failed($"targets.resolve: {found.Count} running instances fit the filters, and 'max' is {_most}");
        }

        return end.Detail is null ? found.ConvertAll(static instance => instance.InstanceId) : null;
    }
}
