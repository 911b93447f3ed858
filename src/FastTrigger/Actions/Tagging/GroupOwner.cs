using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Aws.Ec2;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>The owner of instances that Auto Scaling launched: the owner of the group, by the group's own tag.</summary>
internal sealed class GroupOwner(ActionContext context, AwsScope scope, IReadOnlyList<string> resources)
{
    /// <summary>The tag that Auto Scaling puts on each of its instances.</summary>
    private const string GroupName = "aws:autoscaling:groupName";

    /// <summary>The owner when the group has no such tag.</summary>
    private const string Otherwise = "auto-scaling";

    /// <summary>The value of that tag of the group.</summary>
    public string? Inherit(string key, out AwsFailure? failure)
    {
        failure = null;
        var group = GroupOfEvent();
        if (group is null)
        {
            var found = new List<TagDescription>();
            var ec2 = new Ec2Client(context.Aws, scope.Region, scope.Credentials);
            failure = ec2.DescribeTags(Instances(), [GroupName], found, context.Deadline);
            group = found.Count > 0 ? found[0].Value : null;
        }

        if (failure is not null || group is null)
        {
            return failure is null ? Otherwise : null;
        }

        var autoScaling = new AutoScalingClient(context.Aws, scope.Region, scope.Credentials);
        failure = autoScaling.DescribeTag(group, key, context.Deadline, out var value);
        return failure is null ? value ?? Otherwise : null;
    }

    private List<string> Instances()
    {
        var instances = new List<string>();
        foreach (var id in resources)
        {
            if (InstanceId.Is(id))
            {
                instances.Add(id);
            }
        }

        return instances;
    }

    /// <summary>One RunInstances is for one group, and its record has the tags that the instances launched with.</summary>
    private string? GroupOfEvent()
    {
        var instances = context.Item.Event.Get("detail"u8, "responseElements"u8).Get("instancesSet"u8, "items"u8);
        if (instances.ValueKind != JsonValueKind.Array
            || instances.GetArrayLength() == 0
            || instances[0].Get("tagSet"u8, "items"u8) is not { ValueKind: JsonValueKind.Array } tags)
        {
            return null;
        }

        foreach (var tag in tags.EnumerateArray())
        {
            if (tag.Text("key"u8) == GroupName)
            {
                return tag.Text("value"u8);
            }
        }

        return null;
    }
}
