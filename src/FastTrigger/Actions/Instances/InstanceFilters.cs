using FastTrigger.Aws.Ec2;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.Instances;

/// <summary>Filters of DescribeInstances, as routes.json names them. No event text goes into them (C1.7).</summary>
internal sealed class InstanceFilters
{
    public const string Form = "filters of DescribeInstances: {\"tag:Role\": [\"pump-controller\"], \"vpc-id\": [\"vpc-...\"]}";

    private const int MaxFilterValues = 200;

    private readonly List<(string Name, List<ValueTemplate> Values)> _all = [];

    public IReadOnlyList<(string Name, List<ValueTemplate> Values)> All => _all;

    /// <param name="whyNoState">Why `instance-state-name` is none of them.</param>
    public void Read(JsonMember member, SettingReader settings, string whyNoState)
    {
        var values = settings.Strings(member.Value, member.Name);
        settings.Expect(member.Value, values.Length <= MaxFilterValues, member.Name, $"at most {MaxFilterValues} values");
        if (member.Name == "instance-state-name")
        {
            settings.Problems.Add(member.Offset, whyNoState);
        }

        _all.Add((member.Name, values.ConvertEach(value => ValueTemplate.Parse(value, ValueRule.NoEvent, settings.Problems))));
    }

    /// <summary>Adds the filters to others; null when that worked, else the result of the action.</summary>
    /// <param name="setting">What the reason puts before the filter's name.</param>
    public ActionResult? AddTo(List<Filter> filters, in ValueScope scope, string setting)
    {
        foreach (var (name, templates) in _all)
        {
            var values = new List<string>(templates.Count);
            foreach (var template in templates)
            {
                var value = template.Evaluate(scope);
                if (value.Failure(setting + name) is { } missing)
                {
                    return missing;
                }

                values.Add(value.Joined);
            }

            filters.Add(new(name, values));
        }

        return null;
    }
}
