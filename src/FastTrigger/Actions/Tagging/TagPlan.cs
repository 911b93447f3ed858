using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Tagging;

/// <summary>Tags that are ready to be written.</summary>
/// <param name="isNew">Whether EC2 may not know the resources yet.</param>
/// <param name="unattached">Instances whose volumes are not attached yet.</param>
internal sealed class TagPlan(
    AwsScope scope,
    List<Tag> tags,
    List<string> resources,
    bool isNew,
    IReadOnlyList<string> unattached)
{
    public AwsScope Scope { get; } = scope;

    public List<Tag> Tags { get; } = tags;

    public List<string> Resources { get; } = resources;

    public bool IsNew { get; } = isNew;

    public IReadOnlyList<string> Unattached { get; } = unattached;
}

/// <summary>Resources that get the same tags.</summary>
internal sealed class TagGroup(List<Tag> tags, List<string> resources)
{
    public List<Tag> Tags => tags;

    public List<string> Resources => resources;
}
