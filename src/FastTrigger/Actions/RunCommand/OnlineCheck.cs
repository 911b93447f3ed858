using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`offline`: what becomes of servers whose agent Systems Manager does not hear of.</summary>
internal enum WhenOffline
{
    /// <summary>Nobody looks: SendCommand refuses them.</summary>
    NotAsked,
    Retry,
    Skip,
    Fail,
}

/// <summary>Looks at servers before a command is sent to them: may they be reached (C6.2), and are their agents there.</summary>
internal sealed class OnlineCheck(ActionContext context)
{
    /// <summary>Null when all of these instances have a tag that allow.instanceTags lists; else how the action ends.</summary>
    public ActionResult? Permit(Ec2Client ec2, List<string> ids)
    {
        if (context.Allow.InstanceTags.Count == 0 || context.Item.StandIn is not null)
        {
            return null;
        }

        var found = new List<InstanceDescription>();
        if (ec2.DescribeInstances([new("instance-id", ids)], [], found, context.Deadline) is { } failure)
        {
            return failure.Result("DescribeInstances");
        }

        var refused = ids.FindAll(id => found.Find(instance => instance.InstanceId == id) is not { } instance || !context.Allow.Permits(instance));
        return refused.Count == 0 ? null : ActionResult.Failed($"allow.instanceTags: {string.Join(", ", refused)} {(refused.Count == 1 ? "has" : "have")} none of these tags");
    }

    /// <summary>Takes the servers that are offline out of the list when they may be skipped; else how the action ends.</summary>
    public ActionResult? Check(SsmClient ssm, List<string> ids, WhenOffline whenOffline)
    {
        var online = new List<InstanceInformation>();
        for (var start = 0; start < ids.Count; start += SsmClient.MostInstanceIds)
        {
            if (ssm.DescribeInstanceInformation(ids.GetRange(start, Math.Min(SsmClient.MostInstanceIds, ids.Count - start)), online, context.Deadline) is { } failure)
            {
                return failure.Result("DescribeInstanceInformation");
            }
        }

        var offline = ids.FindAll(id => !online.Exists(agent => agent.InstanceId == id && agent.PingStatus == "Online"));
        if (offline.Count == 0)
        {
            return null;
        }

        var text = $"no agent is online on {string.Join(", ", offline)}";
        if (whenOffline != WhenOffline.Skip)
        {
            return whenOffline == WhenOffline.Retry ? ActionResult.Retry(text) : ActionResult.Failed(text);
        }

        ids.RemoveAll(offline.Contains);
        Skipped = text;
        return ids.Count == 0 ? ActionResult.Skipped(text) : null;
    }

    /// <summary>What was left out; empty when nothing was.</summary>
    public string Skipped { get; private set; } = "";
}
