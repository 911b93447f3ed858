using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Which servers: ids that the event brings, tags or resource groups that routes.json names, or a search among the running instances (C1.7).</summary>
internal sealed class CommandTargets
{
    private const int MostKeys = 5, MostValues = 50;

    private const string Form = "{\"instanceIds\": [\"${event.detail.instance-id}\"]}, {\"tag:Role\": [\"pump-controller\"]} or {\"resolve\": {...}}";

    private readonly List<ValueTemplate> _instanceIds = [];

    /// <summary>SSM targets, all of which must hold: "tag:KEY" or "resource-groups:Name", and values.</summary>
    public List<(string Key, List<ValueTemplate> Values)> Tags { get; } = [];

    /// <summary>The tags that limit the servers, as the targets or the search name them; a value that is not literal is *.</summary>
    public IEnumerable<(string Key, IReadOnlyList<string> Values)> LiteralTags
    {
        get
        {
            foreach (var (key, values) in Resolve?.Filters ?? Tags)
            {
                if (key.StartsWith("tag:", StringComparison.Ordinal))
                {
                    yield return (key[4..], values.ConvertAll(static value => value.Literal ?? "*"));
                }
            }
        }
    }

    /// <summary>Whether the event names them: then they may be so new that their agents are not there yet.</summary>
    public bool AreOfEvent => _instanceIds.Exists(static id => id.Literal is null);

    /// <summary>Null when nothing is to be searched for.</summary>
    public InstanceSearch? Resolve { get; private set; }

    /// <summary>Whether Systems Manager finds the servers by itself.</summary>
    public bool ByTag => Tags.Count > 0;

    public static CommandTargets? Read(SettingReader action, Allow allow)
    {
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

        if ((targets._instanceIds.Count > 0 ? 1 : 0) + (targets.ByTag ? 1 : 0) + (targets.Resolve is null ? 0 : 1) > 1)
        {
            action.Problems.Add(node, "'targets' names instance ids, tags or 'resolve', only one of them");
        }

        if (targets.Tags.Count > MostKeys)
        {
            action.Problems.Add(node, $"'targets' takes at most {MostKeys} tags");
        }

        if (targets.ByTag && allow.InstanceTags.Count > 0 && !targets.Tags.Exists(tag => IsLimited(tag.Key, tag.Values, allow)))
        {
            action.Problems.Add(node, "'targets' has no tag that allow.instanceTags lists with these values");
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

    /// <summary>A tag with literal values, all of which are allowed, limits the servers to allowed ones.</summary>
    private static bool IsLimited(string key, List<ValueTemplate> values, Allow allow) =>
        key.StartsWith("tag:", StringComparison.Ordinal) && values.TrueForAll(value => value.Literal is { } text && allow.PermitsInstanceTag(key[4..], text));

    private void ReadMember(JsonMember member, SettingReader action)
    {
        if (member.Name == "resolve")
        {
            Resolve = SettingReader.Open(member.Value, "resolve", action.Problems) is { } search ? InstanceSearch.Read(search) : null;
            return;
        }

        var values = action.Strings(member.Value, member.Name);
        if (member.Name == "instanceIds")
        {
            _instanceIds.AddRange(values.ConvertAll(value => ValueTemplate.Parse(value, ValueRule.Anything, action.Problems)));
        }
        else if (member.Name is "resource-groups:Name" or "resource-groups:ResourceTypeFilters" || (member.Name.StartsWith("tag:", StringComparison.Ordinal) && member.Name.Length > 4))
        {
            action.Expect(member.Value, values.Count <= MostValues, member.Name, "at most 50 values");
            Tags.Add((member.Name, values.ConvertAll(value => ValueTemplate.Parse(value, ValueRule.NoEvent, action.Problems))));
        }
        else
        {
            action.Problems.Add(member.Offset, $"'{member.Name}' is no target that this version carries out; it has instanceIds, tag:KEY, resource-groups:Name, resource-groups:ResourceTypeFilters and resolve");
        }
    }
}
