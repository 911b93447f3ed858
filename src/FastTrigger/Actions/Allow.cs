using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions;

/// <summary>What routes may reach (C6.2); an empty list leaves it to what the routes name themselves.</summary>
internal sealed record Allow
{
    public static Allow Default { get; } = new();

    /// <summary>Empty: the function's own region alone.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Other accounts whose events are acted on and in whose roles; empty for none.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>In lower case, as <see cref="Http.Origin"/> has them.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>ARNs, in which * stands for anything.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The keys that `tag` may write, in which * stands for anything.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>One of these tags, with one of its values, is on every server that a command goes to.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<string> Values)> InstanceTags { get; init; } = [];

    /// <summary>Whether one of these lists has a value, or is empty.</summary>
    public static bool Permits(IReadOnlyList<string> list, string value) => list.Count == 0 || NamePattern.Any(list, value);

    /// <summary>Whether a server with this tag may be sent a command.</summary>
    public bool PermitsInstanceTag(string key, string value)
    {
        foreach (var tag in InstanceTags)
        {
            if (tag.Key == key && NamePattern.Any(tag.Values, value))
            {
                return true;
            }
        }

        return InstanceTags.Count == 0;
    }

    public bool Permits(InstanceDescription instance)
    {
        foreach (var tag in instance.Tags)
        {
            if (PermitsInstanceTag(tag.Key, tag.Value))
            {
                return true;
            }
        }

        return InstanceTags.Count == 0;
    }
}
