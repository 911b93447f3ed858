using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>The calls of `run-command`.</summary>
internal static class RunCommandCalls
{
    private const string Watch = "WatchCommands";

    private static readonly ActionCall s_list = new(
        SsmClient.Operations.ListCommands,
        "finds a command whose response was lost, and tags that no server has")
    { FollowsEvent = true };

    private static readonly ActionCall s_watch = new(
        SsmClient.Operations.ListCommandInvocations,
        "reads the result on each server, with `wait`")
    { FollowsEvent = true, Statement = Watch };

    private static readonly ActionCall s_cancel = new(
        SsmClient.Operations.CancelCommand,
        "cancels what is pending when the time is over, with `wait.cancel`")
    { FollowsEvent = true, Statement = Watch };

    private static readonly ActionCall s_agents = new(
        SsmClient.Operations.DescribeInstanceInformation,
        "looks at the agents of the servers, with `offline`")
    { FollowsEvent = true, Statement = "LookAtAgents" };

    private static readonly ActionCall s_instances = new(
        Ec2Client.Operations.DescribeInstances,
        "finds the servers of `targets.resolve`, and their tags where `allow.instanceTags` limits them")
    { FollowsEvent = true };

    /// <param name="asksEc2">Whether EC2 knows the servers or their tags.</param>
    public static IReadOnlyList<ActionCall> List(RunCommandSettings settings, Allow allow, bool asksEc2)
    {
        var calls = new List<ActionCall> { new SendCommandCall(settings, allow) { FollowsEvent = true }, s_list };
        if (settings.Wait is { } wait)
        {
            calls.Add(s_watch);
            if (wait.Cancel)
            {
                calls.Add(s_cancel);
            }
        }

        if (settings.Offline != WhenOffline.NotAsked)
        {
            calls.Add(s_agents);
        }

        if (asksEc2)
        {
            calls.Add(s_instances);
        }

        if (settings.Once.IsPerEvent)
        {
            calls.AddRange(OnceTable.Calls);
        }

        return settings.Reach.Complete(calls, allow);
    }
}
