using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>
/// The volumes of launched instances. A RunInstances record does not name them, so EC2 is asked once, and again while it does not know
/// them yet.
/// </summary>
internal sealed class LaunchedVolumes(ActionContext context, Ec2Client ec2)
{
    private const int FirstDelayMs = 250, MaxDelayMs = 2_000;

    /// <summary>The API calls that launch instances.</summary>
    public static IReadOnlyList<string> Events { get; } = ["RunInstances", "CreateFleet"];

    /// <summary>The instances whose volumes are not attached yet.</summary>
    public List<string> Missing { get; private set; } = [];

    /// <summary>Adds the volumes to the resources that are tagged.</summary>
    public AwsFailure? AddTo(List<string> resources, bool isNew)
    {
        var instances = resources.FindAll(InstanceId.Is);
        if (context.Placeholder is not null || instances.Count == 0)
        {
            return null;
        }

        for (var delay = FirstDelayMs; ; delay *= 2)
        {
            var found = new List<InstanceDescription>();
            if (ec2.DescribeInstances([new("instance-id", instances)], [], found, context.Deadline) is { } failure)
            {
                return failure;
            }

            Missing = isNew ? Unattached(instances, found) : [];
            if (Missing.Count == 0 || delay > MaxDelayMs || context.Deadline.RemainingMs < delay * 2)
            {
                foreach (var instance in found)
                {
                    resources.AddRange(instance.VolumeIds);
                }

                return null;
            }

            Thread.Sleep(delay);
        }
    }

    private List<string> Unattached(List<string> instances, List<InstanceDescription> found)
    {
        var attached = new HashSet<string>();
        foreach (var instance in found)
        {
            if (instance.VolumeIds.Count > 0)
            {
                attached.Add(instance.InstanceId);
            }
        }

        if (instances.TrueForAll(attached.Contains))
        {
            return [];
        }

        var expected = InstancesWithRootVolume();
        return instances.FindAll(id => expected.Contains(id) && !attached.Contains(id));
    }

    /// <summary>Instances that start from a volume, and not from a disk of their host, which is no resource.</summary>
    private HashSet<string> InstancesWithRootVolume()
    {
        var ids = new HashSet<string>();
        var items = context.Item.Event.Get("detail"u8, "responseElements"u8).Get("instancesSet"u8, "items"u8);
        if (items.ValueKind == JsonValueKind.Array)
        {
            foreach (var instance in items.EnumerateArray())
            {
                if (instance.Get("rootDeviceType"u8).IsText("ebs"u8) && instance.Text("instanceId"u8) is { } id)
                {
                    ids.Add(id);
                }
            }
        }

        return ids;
    }
}
