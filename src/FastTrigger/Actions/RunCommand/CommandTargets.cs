using System.Text;
using FastTrigger.Actions.Instances;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// The servers of a command: ids from the event, tags or resource groups from routes.json, or a search among the running instances (C1.7).
/// </summary>
internal sealed class CommandTargets
{
    public const int MaxValues = 50;

    private const int MaxKeys = 5, MaxKeyLength = 163;

    private const string Form =
        "{\"instanceIds\": [\"${event.detail.instance-id}\"]}, {\"tag:Role\": [\"pump-controller\"]} or {\"resolve\": {...}}";

    private readonly InstanceIds _instanceIds = new(mayBeManaged: true);

    /// <summary>SSM targets, all of which must match: "tag:KEY" or "resource-groups:Name", and values.</summary>
    public List<(string Key, List<ValueTemplate> Values)> Tags { get; } = [];

    /// <summary>The tags that limit the servers, as the targets or the search name them; a value that is not literal is *.</summary>
    public IEnumerable<(string Key, IReadOnlyList<string> Values)> LiteralTags => InstanceFilters.LiteralTags(Resolve?.Filters ?? Tags);

    /// <summary>Whether the event names them: then they may be so new that their agents are not online yet.</summary>
    public bool AreOfEvent => _instanceIds.AreOfEvent;

    /// <summary>Null when there is no search.</summary>
    public InstanceSearch? Resolve { get; private set; }

    /// <summary>Whether Systems Manager finds the servers by itself.</summary>
    public bool ByTag => Tags.Count > 0;

    public static CommandTargets? Read(SettingReader action, Allow allow)
    {
        if (action.Require("targets", Form) is not { } node
            || !action.Expect(node, node.IsObject && node.Members.Length > 0, "targets", Form))
        {
            return null;
        }

        var targets = new CommandTargets();
        foreach (var member in node.Members)
        {
            targets.ReadMember(member, action);
        }

        targets.Check(node, action.Problems, allow);
        return targets;
    }

    /// <inheritdoc cref="InstanceIds.Evaluate"/>
    public List<string>? Evaluate(in ValueScope scope, string region, out ActionResult end) =>
        _instanceIds.Evaluate(scope, region, out end);

    private void Check(JsonNode node, JsonProblems problems, Allow allow)
    {
        var kinds = (_instanceIds.Count > 0 ? 1 : 0) + (ByTag ? 1 : 0) + (Resolve is null ? 0 : 1);
        if (kinds > 1)
        {
            problems.Add(node, "'targets' names instance ids, tags or 'resolve', only one of them");
        }

        if (Tags.Count > MaxKeys)
        {
            problems.Add(node, $"'targets' takes at most {MaxKeys} tags");
        }

        if (ByTag && allow.InstanceTags.Count > 0 && !Tags.Exists(tag => IsLimited(tag.Key, tag.Values, allow)))
        {
            problems.Add(node, "'targets' has no tag that allow.instanceTags lists with these values");
        }
    }

    /// <summary>Whether a tag has only literal values that are allowed, so that it limits the servers.</summary>
    private static bool IsLimited(string key, List<ValueTemplate> values, Allow allow) =>
        key.StartsWith("tag:", StringComparison.Ordinal)
        && values.TrueForAll(value => value.Literal is { } text && allow.PermitsInstanceTag(key[4..], text));

    private void ReadMember(JsonMember member, SettingReader action)
    {
        if (member.Name == "resolve")
        {
            Resolve = SettingReader.Open(member.Value, "resolve", action.Problems) is { } search ? InstanceSearch.Read(search) : null;
            return;
        }

        if (member.Name == "instanceIds")
        {
            _instanceIds.Read(member.Value, action);
        }
        else if (IsTarget(member.Name))
        {
            var values = action.Strings(member.Value, member.Name);
            action.Expect(member.Value, values.Length <= MaxValues, member.Name, "at most 50 values");
            Tags.Add((member.Name, values.ConvertEach(value => ValueTemplate.Parse(value, ValueRule.NoEvent, action.Problems))));
        }
        else
        {
            const string Known = "instanceIds, tag:KEY, resource-groups:Name, resource-groups:ResourceTypeFilters and resolve";
            action.Problems.Add(member.Offset, $"'{member.Name}' is no target that this version carries out; it has {Known}");
        }
    }

    private static bool IsTarget(string name) => name is "resource-groups:Name" or "resource-groups:ResourceTypeFilters" || IsTag(name);

    /// <summary>tag:KEY, of the letters that Systems Manager takes: unlike EC2 it takes no +.</summary>
    internal static bool IsTag(string name)
    {
        foreach (var letter in name.EnumerateRunes())
        {
            var isSign = letter.Value is '_' or '.' or ':' or '/' or '=' or '-' or '@' or ' ';
            if (!isSign && !Rune.IsLetterOrDigit(letter) && !Rune.IsNumber(letter))
            {
                return false;
            }
        }

        return name.Length is > 4 and <= MaxKeyLength && name.StartsWith("tag:", StringComparison.Ordinal);
    }
}
