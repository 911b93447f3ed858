using FastTrigger.Actions.Once;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.Instances;

/// <summary>A `start-instances`, `stop-instances`, `reboot-instances` or `terminate-instances` of routes.json.</summary>
internal sealed class InstanceSettings
{
    private const int DefaultMax = 50, MaxOfMax = 1_000, MaxKeyLength = 128;

    private const string
        Form = "{\"instanceIds\": [\"${event.detail.instance-id}\"]}, {\"tag:Schedule\": [\"office-hours\"]} or {\"resolve\": {...}}",
        SkipForm = "an object of tags and values, as in {\"Protected\": [\"*\"]}",
        NoState = "the action looks at the states of the instances itself";

    /// <summary>Empty when the instances are found by filters.</summary>
    public InstanceIds Ids { get; } = new(mayBeManaged: false);

    /// <summary>Empty when the instances are named.</summary>
    public InstanceFilters Filters { get; } = new();

    /// <summary>The tags of instances that are left alone: a key, and values in which * matches any text.</summary>
    public List<(string Key, IReadOnlyList<string> Values)> Skip { get; } = [];

    /// <summary>The tag whose value is a time, or the last day, until which an instance is left alone; null for none.</summary>
    public required string? SkipUntil { get; init; }

    /// <summary>How many instances the action changes for one event at most.</summary>
    public required int Max { get; init; }

    /// <summary>The parameters of the operation that are true.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    public required OnceSetting Once { get; init; }

    /// <summary>Null when the action does not wait for the new state.</summary>
    public required WaitSetting? Wait { get; init; }

    public required AwsReach Reach { get; init; }

    public static InstanceSettings? Read(SettingReader settings, StateChange change, Allow allow)
    {
        var isReboot = change == StateChange.Reboot;
        var read = new InstanceSettings
        {
            SkipUntil = settings.Matching("skipUntil", "the key of a tag", static key => key.Length is > 0 and <= MaxKeyLength),
            Max = settings.Integer("max", 1, MaxOfMax) ?? DefaultMax,
            Options = change == StateChange.Stop ? ReadOptions(settings) : [],
            Once = OnceSetting.Read(settings, OncePer.Event, otherwise: isReboot),
            Wait = isReboot ? null : WaitSetting.Read(settings, mayHaveOutput: false),
            Reach = AwsReach.Read(settings, allow),
        };
        read.ReadSkip(settings);
        if (change == StateChange.Terminate && !allow.Terminate)
        {
            settings.Problems.Add(settings.Node, "terminate-instances needs \"terminate\": true in 'allow'");
        }

        return read.ReadTargets(settings, allow) ? read : null;
    }

    private static List<string> ReadOptions(SettingReader settings)
    {
        var options = new List<string>();
        if (settings.Boolean("hibernate", otherwise: false))
        {
            options.Add("Hibernate");
        }

        if (settings.Boolean("force", otherwise: false))
        {
            options.Add("Force");
        }

        if (options.Count > 1)
        {
            settings.Refuse("force", "'force' takes the power away, so that an instance cannot hibernate: one of both");
        }

        return options;
    }

    private bool ReadTargets(SettingReader settings, Allow allow)
    {
        if (settings.Require("targets", Form) is not { } node
            || !settings.Expect(node, node.IsObject && node.Members.Length > 0, "targets", Form))
        {
            return false;
        }

        var (hasIds, hasTags, hasSearch) = (false, false, false);
        foreach (var member in node.Members)
        {
            if (member.Name == "instanceIds")
            {
                hasIds = true;
                Ids.Read(member.Value, settings);
            }
            else if (member.Name == "resolve")
            {
                hasSearch = true;
                ReadSearch(member.Value, settings.Problems);
            }
            else if (member.Name.StartsWith("tag:", StringComparison.Ordinal) && member.Name.Length is > 4 and <= MaxKeyLength + 4)
            {
                hasTags = true;
                Filters.Read(member, settings, NoState);
            }
            else
            {
                settings.Problems.Add(
                    member.Offset, $"'{member.Name}' is no target of this action; it has instanceIds, tag:KEY and resolve");
            }
        }

        if ((hasIds ? 1 : 0) + (hasTags ? 1 : 0) + (hasSearch ? 1 : 0) > 1)
        {
            settings.Problems.Add(node, "'targets' names instance ids, tags or 'resolve', only one of them");
        }

        return true;
    }

    private void ReadSearch(JsonNode node, JsonProblems problems)
    {
        if (SettingReader.Open(node, "resolve", problems) is not { } settings)
        {
            return;
        }

        Filters.ReadSearch(settings, NoState);
        settings.End();
    }

    private void ReadSkip(SettingReader settings)
    {
        if (settings.Take("skip") is not { } node
            || !settings.Expect(node, node.IsObject && node.Members.Length > 0, "skip", SkipForm))
        {
            return;
        }

        foreach (var member in node.Members)
        {
            Skip.Add((member.Name, settings.Strings(member.Value, member.Name).ConvertEach(static value => value.Text)));
        }
    }
}
