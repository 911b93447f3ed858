using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Which servers: ids that the event brings, or tags that routes.json names (C1.7).</summary>
internal sealed class CommandTargets
{
    private const int MostKeys = 5, MostValues = 50;

    private readonly List<ValueTemplate> _instanceIds = [];

    /// <summary>SSM targets, all of which must hold: "tag:KEY" and its values.</summary>
    public List<(string Key, List<ValueTemplate> Values)> Tags { get; } = [];

    public bool ByTag => Tags.Count > 0;

    public static CommandTargets? Read(SettingReader action)
    {
        const string Form = "{\"instanceIds\": [\"${event.detail.instance-id}\"]} or {\"tag:Role\": [\"pump-controller\"]}";
        if (action.Require("targets", Form) is not { } node)
        {
            return null;
        }

        if (!action.Expect(node, node.IsObject && node.Members.Count > 0, "targets", Form))
        {
            return null;
        }

        var targets = new CommandTargets();
        foreach (var member in node.Members)
        {
            targets.ReadMember(member, action);
        }

        if (targets._instanceIds.Count > 0 && targets.ByTag)
        {
            action.Problems.Add(node, "'targets' names instance ids or tags, not both");
        }

        if (targets.Tags.Count > MostKeys)
        {
            action.Problems.Add(node, $"'targets' takes at most {MostKeys} tags");
        }

        return targets;
    }

    /// <summary>The ids, each once; null with how the action ends.</summary>
    public List<string>? Evaluate(in ValueScope scope, out ActionResult end)
    {
        end = default;
        var ids = new List<string>();
        foreach (var template in _instanceIds)
        {
            var value = template.Evaluate(scope);
            if (value.Failure("targets.instanceIds") is { } failure)
            {
                end = failure;
                return null;
            }

            foreach (var id in value.Items)
            {
                if (!InstanceId.IsManaged(id))
                {
                    end = ActionResult.Failed($"targets.instanceIds: '{(id.Length <= 40 ? id : id[..40])}' is not the id of an instance (i-... or mi-...)");
                    return null;
                }

                if (!ids.Contains(id))
                {
                    ids.Add(id);
                }
            }
        }

        return ids;
    }

    private void ReadMember(JsonMember member, SettingReader action)
    {
        var values = action.Strings(member.Value, member.Name);
        if (member.Name == "instanceIds")
        {
            _instanceIds.AddRange(values.ConvertAll(value => ValueTemplate.Parse(value, ValueRule.Anything, action.Problems)));
        }
        else if (member.Name.StartsWith("tag:", StringComparison.Ordinal) && member.Name.Length > 4)
        {
            action.Expect(member.Value, values.Count <= MostValues, member.Name, "at most 50 values");
            Tags.Add((member.Name, values.ConvertAll(value => ValueTemplate.Parse(value, ValueRule.NoEvent, action.Problems))));
        }
        else
        {
            action.Problems.Add(member.Offset, $"'{member.Name}' is no target that this version carries out; it has instanceIds and tag:KEY");
        }
    }
}
