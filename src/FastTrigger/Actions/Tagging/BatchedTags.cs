using FastTrigger.Aws.Ec2;
using FastTrigger.Core;

namespace FastTrigger.Actions.Tagging;

/// <summary>One CreateTags for the resources of several events, when the tags are the same.</summary>
internal sealed class BatchedTags(TagAction action, ActionContext context, TagPlan plan)
    : BatchableCall(KeyOf(plan), plan.Resources, Ec2Client.MaxResources)
{
    public override bool MayOverlap => true;

    public override ActionResult Alone() => action.Tag(context, plan, plan.Resources, isPatient: true);

    public override ActionResult Call(List<string> targets) => action.Tag(context, plan, targets, isPatient: false);

    private static string KeyOf(TagPlan plan)
    {
        var text = new ByteBuffer(256);
        var json = new JsonBuilder(text).BeginArray()
            .Text(plan.Scope.Region)
            .Text(plan.Scope.Credentials?.AccessKeyId ?? "")
            .Boolean(plan.IsNew);
        foreach (var tag in plan.Tags)
        {
            json.Text(tag.Key).Text(tag.Value);
        }

        json.EndArray();
        return text.ToString();
    }
}
