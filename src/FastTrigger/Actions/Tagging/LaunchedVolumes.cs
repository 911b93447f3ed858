using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger.Actions.Tagging;

/// <summary>The volumes of instances that were launched: a RunInstances record does not name them, so EC2 is asked once, and again while it does not know yet.</summary>
internal sealed class LaunchedVolumes(ActionContext context, Ec2Client ec2)
{
    private const int FirstDelayMs = 250, LongestDelayMs = 2_000;

    /// <summary>The instances whose volumes are not attached yet.</summary>
    public List<string> Missing { get; private set; } = [];

    /// <summary>Adds their volumes to what is to be tagged.</summary>
    public AwsFailure? AddTo(List<string> resources, bool isNew)
    {
        var instances = resources.FindAll(InstanceId.Is);
        if (context.Item.StandIn is not null || instances.Count == 0)
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

            Missing = isNew ? instances.FindAll(id => HasRootVolume(id) && found.Find(instance => instance.InstanceId == id) is not { VolumeIds.Count: > 0 }) : [];
            if (Missing.Count == 0 || delay > LongestDelayMs || context.Deadline.RemainingMs < delay * 2)
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

    /// <summary>Whether an instance starts from a volume, and not from the disk of its host, which is no resource.</summary>
    private bool HasRootVolume(string id)
    {
        var items = context.Item.Event.Get("detail"u8, "responseElements"u8).Get("instancesSet"u8, "items"u8);
        if (items.ValueKind == JsonValueKind.Array)
        {
            foreach (var instance in items.EnumerateArray())
            {
                if (instance.Text("instanceId"u8) == id)
                {
                    return instance.Get("rootDeviceType"u8).IsText("ebs"u8);
                }
            }
        }

        return false;
    }
}
