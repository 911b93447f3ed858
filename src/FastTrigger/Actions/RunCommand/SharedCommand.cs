using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;

namespace FastTrigger.Actions.RunCommand;

/// <summary>One SendCommand for the servers of several events, when all it says is the same. A server that two of them name is sent two.</summary>
internal sealed class SharedCommand(RunCommandAction action, ActionContext context, CommandPlan plan, OnceSetting once) : ShareableCall(KeyOf(plan, once), plan.Ids, SsmClient.MostInstanceIds)
{
    public override bool MayOverlap => false;

    public override ActionResult Alone() => action.Send(context, plan);

    public override ActionResult Call(List<string> members) =>
        new CommandSender(context, new(context.Aws, plan.Scope.Region, plan.Scope.Credentials), plan.Request, plan.Key, once, null, null) { Halves = false }.Send(members, confirm: false);

    private static string KeyOf(CommandPlan plan, OnceSetting once)
    {
        var text = new ByteBuffer(1024).Append(plan.Scope.Region).Append((byte)' ').Append(plan.Scope.Credentials?.AccessKeyId ?? "").Append((byte)' ').Append(once.Enabled ? plan.Key : "").Append((byte)' ');
        return text.ToString() + SsmClient.Text(plan.Request);
    }
}
