using FastTrigger.Aws.Ec2;
using FastTrigger.Core;

namespace FastTrigger.Actions.Tagging;

/// <summary>One CreateTags for what several events created, when the tags are the same.</summary>
internal sealed class SharedTags(TagAction action, ActionContext context, TagPlan plan) : ShareableCall(KeyOf(plan), plan.Resources, Ec2Client.MostResources)
{
    public override bool MayOverlap => true;

    public override ActionResult Alone() => action.Tag(context, plan, plan.Resources, isPatient: true);

    public override ActionResult Call(List<string> members) => action.Tag(context, plan, members, isPatient: false);

    private static string KeyOf(TagPlan plan)
    {
        var text = new ByteBuffer(256);
        var json = new JsonBuilder(text).BeginArray().Text(plan.Scope.Region).Text(plan.Scope.Credentials?.AccessKeyId ?? "").Boolean(plan.IsNew);
        foreach (var tag in plan.Tags)
        {
            json.Text(tag.Key).Text(tag.Value);
        }

        json.EndArray();
        return text.ToString();
    }
}
