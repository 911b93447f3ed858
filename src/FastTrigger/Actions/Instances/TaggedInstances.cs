namespace FastTrigger.Actions.Instances;

/// <summary>The permissions of a call that is authorized for each instance, by the tags that the instances have.</summary>
internal static class TaggedInstances
{
    /// <param name="targets">The tags that the targets name: an instance has all of them.</param>
    /// <param name="permit">The permission for instances that have all of some tags.</param>
    /// <param name="unlimited">What the problem is when neither the targets nor the file name a tag: a clause.</param>
    public static List<CallPermission> Permissions(
        IEnumerable<(string Key, IReadOnlyList<string> Values)> targets,
        Allow allow,
        Func<List<(string Key, IReadOnlyList<string> Values)>, CallPermission> permit,
        string unlimited)
    {
        var named = new List<(string Key, IReadOnlyList<string> Values)>(targets);
        if (named.Count > 0)
        {
            return [permit(named)];
        }

        if (allow.InstanceTags.Count > 0)
        {
            return new List<(string Key, IReadOnlyList<string> Values)>(allow.InstanceTags).ConvertAll(tag => permit([tag]));
        }

        return
        [
            permit([]) with
            {
                Problem = unlimited + ", so they could be any; allow.instanceTags must say which, "
                    + "as in \"allow\": {\"instanceTags\": {\"Role\": [\"pump-controller\"]}}",
            },
        ];
    }
}
