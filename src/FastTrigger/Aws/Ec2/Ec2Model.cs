namespace FastTrigger.Aws.Ec2;

internal readonly record struct Tag(string Key, string Value);

internal readonly record struct TagDescription(string ResourceId, string Key, string Value);

internal sealed record InstanceDescription(string InstanceId, string State, IReadOnlyList<Tag> Tags, IReadOnlyList<string> VolumeIds);

/// <summary>A filter of a Describe operation: a name, and the values of which one must match.</summary>
internal readonly record struct Filter(string Name, IReadOnlyList<string> Values);
