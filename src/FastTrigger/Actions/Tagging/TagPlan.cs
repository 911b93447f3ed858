using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Tagging;

/// <summary>Tags that are ready to be written.</summary>
/// <param name="IsNew">Whether EC2 may not know the resources yet.</param>
/// <param name="Unattached">Instances whose volumes are not attached yet.</param>
internal sealed record TagPlan(
    AwsScope Scope,
    List<Tag> Tags,
    List<string> Resources,
    bool IsNew,
    IReadOnlyList<string> Unattached);

/// <summary>Resources that get the same tags.</summary>
internal sealed class TagGroup(List<Tag> tags, List<string> resources)
{
    public List<Tag> Tags => tags;

    public List<string> Resources => resources;
}
