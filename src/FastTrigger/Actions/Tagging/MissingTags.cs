using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Tagging;

/// <summary>Groups resources by the tags that they lack: a group shares its CreateTags.</summary>
internal static class MissingTags
{
    /// <param name="present">The tags that are there already; they are kept.</param>
    public static List<TagGroup> Group(List<string> resources, List<Tag> tags, List<TagDescription> present)
    {
        if (present.Count == 0)
        {
            return [new(tags, resources)];
        }

        var keys = KeysByResource(present);
        var known = new Dictionary<string, TagGroup>();
        var groups = new List<TagGroup>();
        foreach (var resource in resources)
        {
            var missing = keys.TryGetValue(resource, out var there) ? tags.FindAll(tag => !there.Contains(tag.Key)) : tags;
            if (missing.Count == 0)
            {
                continue;
            }

            var name = string.Join('\0', missing.ConvertAll(static tag => tag.Key));
            if (!known.TryGetValue(name, out var group))
            {
                known[name] = group = new(missing, []);
                groups.Add(group);
            }

            group.Resources.Add(resource);
        }

        return groups;
    }

    private static Dictionary<string, HashSet<string>> KeysByResource(List<TagDescription> tags)
    {
        var keys = new Dictionary<string, HashSet<string>>();
        foreach (var tag in tags)
        {
            if (!keys.TryGetValue(tag.ResourceId, out var known))
            {
                keys[tag.ResourceId] = known = [];
            }

            known.Add(tag.Key);
        }

        return keys;
    }
}
