using FastTrigger.Aws.AutoScaling;
using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Tagging;

/// <summary>The calls of `tag`.</summary>
internal static class TagCalls
{
    private static readonly ActionCall s_tags = new(
        Ec2Client.Operations.DescribeTags,
        "finds tags that are there, unless `overwrite` is true, and the group of an instance, with `autoScaling`")
    {
        FollowsEvent = true,
    };

    private static readonly ActionCall s_volumes = new(
        Ec2Client.Operations.DescribeInstances,
        "finds the volumes of launched instances, unless `volumes` is false")
    {
        FollowsEvent = true,
        AfterEvents = LaunchedVolumes.Events,
    };

    private static readonly ActionCall s_group = new(
        AutoScalingClient.Operations.DescribeTags,
        "finds the owner of an Auto Scaling group, with `autoScaling`")
    {
        FollowsEvent = true,
        Statement = "DescribeGroupTags",
    };

    public static IReadOnlyList<ActionCall> List(TagSettings settings, Allow allow)
    {
        var calls = new List<ActionCall> { new CreateTagsCall(settings) { FollowsEvent = true } };
        if (!settings.Overwrite || settings.Inherits)
        {
            calls.Add(s_tags);
        }

        if (settings.Volumes)
        {
            calls.Add(s_volumes);
        }

        if (settings.Inherits)
        {
            calls.Add(s_group);
        }

        return settings.Reach.Complete(calls, allow);
    }
}
