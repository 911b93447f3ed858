using FastTrigger.Aws.Ec2;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.Instances;

/// <summary>Filters of DescribeInstances, as routes.json names them. No event text goes into them (C1.7).</summary>
internal sealed class InstanceFilters
{
    private const string Form = "filters of DescribeInstances: {\"tag:Role\": [\"pump-controller\"], \"vpc-id\": [\"vpc-...\"]}";

    private const int MaxFilterValues = 200;

    private readonly List<(string Name, List<ValueTemplate> Values)> _all = [];

    public IReadOnlyList<(string Name, List<ValueTemplate> Values)> All => _all;

    /// <summary>The tags that limit the instances; a value that is not literal is *.</summary>
    public static IEnumerable<(string Key, IReadOnlyList<string> Values)> LiteralTags(
        IEnumerable<(string Name, List<ValueTemplate> Values)> filters)
    {
        foreach (var (name, values) in filters)
        {
            if (name.StartsWith("tag:", StringComparison.Ordinal))
            {
                yield return (name[4..], values.ConvertAll(static value => value.Literal ?? "*"));
            }
        }
    }

    /// <summary>Reads the `filters` of a search, which needs them.</summary>
    /// <inheritdoc cref="Read"/>
    public void ReadSearch(SettingReader search, string whyNoState)
    {
        if (search.Require("filters", Form) is { } filters
            && search.Expect(filters, filters.IsObject && filters.Members.Length > 0, "filters", Form))
        {
            foreach (var member in filters.Members)
            {
                Read(member, search, whyNoState);
            }
        }
    }

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
