using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>`offline`: what happens to servers whose agent is not online.</summary>
internal enum WhenOffline
{
    /// <summary>Nobody looks: SendCommand refuses them.</summary>
    NotAsked,
    Retry,
    Skip,
    Fail,
}

/// <summary>Checks servers before a command is sent: whether they are allowed (C6.2), and whether their agents are online.</summary>
internal sealed class OnlineCheck(ActionContext context)
{
    /// <summary>The servers that are left out; empty when there are none.</summary>
    public string Skipped { get; private set; } = "";

    /// <summary>Null when each of these instances has a tag that allow.instanceTags lists; else the result of the action.</summary>
    public ActionResult? Permit(Ec2Client ec2, List<string> ids)
    {
        if (context.Allow.InstanceTags.Count == 0 || context.Placeholder is not null)
        {
            return null;
        }

        var found = new List<InstanceDescription>();
        if (ec2.DescribeInstances([new("instance-id", ids)], [], found, context.Deadline) is { } failure)
        {
            return failure.Result("DescribeInstances");
        }

        var permitted = new HashSet<string>();
        foreach (var instance in found)
        {
            if (context.Allow.Permits(instance))
            {
                permitted.Add(instance.InstanceId);
            }
        }

        var refused = ids.FindAll(id => !permitted.Contains(id));
        var verb = refused.Count == 1 ? "has" : "have";
        return refused.Count == 0
            ? null
            : ActionResult.Failed($"allow.instanceTags: {string.Join(", ", refused)} {verb} none of these tags");
    }

    /// <summary>Removes the servers that are offline from the list when they may be skipped; else the result of the action.</summary>
    public ActionResult? Check(SsmClient ssm, List<string> ids, WhenOffline whenOffline)
    {
        var agents = new List<InstanceInformation>();
        for (var start = 0; start < ids.Count; start += SsmClient.MaxInstanceIds)
        {
            var some = ids.GetRange(start, Math.Min(SsmClient.MaxInstanceIds, ids.Count - start));
            if (ssm.DescribeInstanceInformation(some, agents, context.Deadline) is { } failure)
            {
                return failure.Result("DescribeInstanceInformation");
            }
        }

        var online = new HashSet<string>();
        foreach (var agent in agents)
        {
            if (agent.PingStatus == "Online")
            {
                online.Add(agent.InstanceId);
            }
        }

        var offline = ids.FindAll(id => !online.Contains(id));
        if (offline.Count == 0)
        {
            return null;
        }

        var text = $"no agent is online on {string.Join(", ", offline)}";
        if (whenOffline != WhenOffline.Skip)
        {
            return whenOffline == WhenOffline.Retry ? ActionResult.Retry(text) : ActionResult.Failed(text);
        }

        ids.RemoveAll(id => !online.Contains(id));
        Skipped = text;
        return ids.Count == 0 ? ActionResult.Skipped(text) : null;
    }
}
