namespace FastTrigger.Aws.Ec2;

internal readonly record struct Tag(string Key, string Value);

internal readonly record struct TagDescription(string ResourceId, string Key, string Value);

internal sealed class InstanceDescription(string instanceId, string state, IReadOnlyList<Tag> tags, IReadOnlyList<string> volumeIds)
{
    public string InstanceId { get; } = instanceId;

    public string State { get; } = state;

    public IReadOnlyList<Tag> Tags { get; } = tags;

    public IReadOnlyList<string> VolumeIds { get; } = volumeIds;
}

/// <summary>A filter of a Describe operation: a name, and the values of which one must match.</summary>
internal readonly record struct Filter(string Name, IReadOnlyList<string> Values);
