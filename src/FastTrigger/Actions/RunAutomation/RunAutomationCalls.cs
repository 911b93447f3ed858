using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunAutomation;

/// <summary>The calls of `run-automation`.</summary>
internal static class RunAutomationCalls
{
    private static readonly ActionCall s_watch = new WatchCall { FollowsEvent = true };

    public static IReadOnlyList<ActionCall> List(
        string document,
        List<(string Name, List<ValueTemplate> Values)> parameters,
        bool waits,
        AwsReach reach,
        Allow allow)
    {
        var start = new StartAutomationCall(document, parameters, allow, reach.Role is not null) { FollowsEvent = true };
        return reach.Complete(waits ? [start, s_watch] : [start], allow);
    }

    private sealed class WatchCall()
        : ActionCall(AutomationClient.Operations.GetAutomationExecution, "reads the state of the automation, with `wait`")
    {
        public override IReadOnlyList<CallPermission> Permissions =>
        [
            // The id of an execution is known only when it has started.
            new("WatchAutomation", Purpose, [CallResource.Own("ssm", "automation-execution/*")]),
        ];
    }
}
