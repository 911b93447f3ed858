using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions;

/// <summary>What routes may reach (C6.2); an empty list does not narrow what the routes name.</summary>
internal sealed class Allow
{
    public static Allow Default { get; } = new();

    /// <summary>Empty for the function's own region alone.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Other accounts whose events and roles are accepted; empty for none.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>Lower case, like the hosts of <see cref="Http.Origin"/>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>ARNs, in which * matches any text.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The keys that `tag` may write, in which * matches any text.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Every server that a command goes to has one of these tags with one of its values.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<string> Values)> InstanceTags { get; init; } = [];

    /// <summary>Whether routes may terminate instances.</summary>
    public bool Terminate { get; init; }

    /// <summary>Whether a list has a value, or is empty.</summary>
    public static bool Permits(IReadOnlyList<string> list, string value) => list.Count == 0 || NamePattern.Any(list, value);

    /// <summary>Whether a command may go to a server with this tag.</summary>
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
