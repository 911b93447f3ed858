using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.AutoScaling;
using FastTrigger.Aws.Ec2;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>Whose an instance is that Auto Scaling launched: the owner of its group, as the group's own tag says.</summary>
internal sealed class GroupOwner(ActionContext context, AwsScope scope, IReadOnlyList<string> resources)
{
    /// <summary>The tag that Auto Scaling puts on each of its instances.</summary>
    private const string GroupName = "aws:autoscaling:groupName";

    /// <summary>Who it is when the group does not say.</summary>
    private const string Otherwise = "auto-scaling";

    /// <summary>The value of that tag of the group.</summary>
    public string? Inherit(string key, out AwsFailure? failure)
    {
        failure = null;
        var group = FromEvent();
        if (group is null)
        {
            var found = new List<TagDescription>();
            failure = new Ec2Client(context.Aws, scope.Region, scope.Credentials).DescribeTags([.. Instances()], [GroupName], found, context.Deadline);
            group = found.Count > 0 ? found[0].Value : null;
        }

        if (failure is not null || group is null)
        {
            return failure is null ? Otherwise : null;
        }

        failure = new AutoScalingClient(context.Aws, scope.Region, scope.Credentials).DescribeTag(group, key, context.Deadline, out var value);
        return failure is null ? value ?? Otherwise : null;
    }

    private IEnumerable<string> Instances()
    {
        foreach (var id in resources)
        {
            if (InstanceId.Is(id))
            {
                yield return id;
            }
        }
    }

    /// <summary>One RunInstances is for one group, and its record shows the tags that it launched with.</summary>
    private string? FromEvent()
    {
        var instances = context.Item.Event.Get("detail"u8, "responseElements"u8).Get("instancesSet"u8, "items"u8);
        if (instances.ValueKind != JsonValueKind.Array || instances.GetArrayLength() == 0 || instances[0].Get("tagSet"u8, "items"u8) is not { ValueKind: JsonValueKind.Array } tags)
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
