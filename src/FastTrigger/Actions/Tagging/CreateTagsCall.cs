using FastTrigger.Aws.Ec2;

namespace FastTrigger.Actions.Tagging;

/// <summary>CreateTags is authorized for each resource, and for the keys.</summary>
internal sealed class CreateTagsCall(TagSettings settings) : ActionCall(Ec2Client.Operations.CreateTags, "writes the tags")
{
    public override IReadOnlyList<CallPermission> Permissions
    {
        get
        {
            var keys = settings.Tags.ConvertAll(static tag => tag.Key);
            var created = new CallResource(ResourceForm.Created, "ec2", settings.Volumes ? "" : "volume");
            return
            [
                new("Tag" + string.Concat(keys), "these keys, on what the API calls of the route's events create", [created])
                {
                    Conditions =
                    [
                        new("ForAllValues:StringEquals", "aws:TagKeys", keys),
                        // ForAllValues holds for a request without keys, too.
                        new("Null", "aws:TagKeys", ["false"]),
                    ],
                },
            ];
        }
    }
}
