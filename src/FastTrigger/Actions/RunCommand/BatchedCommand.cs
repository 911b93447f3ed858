using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;

namespace FastTrigger.Actions.RunCommand;

/// <summary>One SendCommand for the servers of several events, when the rest of it is the same. A server of two events gets two.</summary>
internal sealed class BatchedCommand(RunCommandAction action, ActionContext context, CommandPlan plan, OnceSetting once)
    : BatchableCall(KeyOf(plan, once), plan.Ids, SsmClient.MaxInstanceIds)
{
    public override bool MayOverlap => false;

    public override ActionResult Alone() => action.Send(context, plan);

    public override ActionResult Call(List<string> targets)
    {
        var ssm = new SsmClient(context.Aws, plan.Scope.Region, plan.Scope.Credentials);
        var sender = new CommandSender(context, ssm, plan.Request, plan.Key, once, wait: null, since: null) { Halves = false };
        return sender.Send(targets, confirm: false);
    }

    private static string KeyOf(CommandPlan plan, OnceSetting once)
    {
        var text = new ByteBuffer(1024)
            .Append(plan.Scope.Region).Append((byte)' ')
            .Append(plan.Scope.Credentials?.AccessKeyId ?? "").Append((byte)' ')
            .Append(once.Enabled ? plan.Key : "").Append((byte)' ');
        return text.ToString() + SendCommandJson.Text(plan.Request);
    }
}
