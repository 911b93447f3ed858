using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Looks whether any server has the tags of a command (C3.6): SendCommand reports no error when none has.</summary>
internal static class TagConfirmation
{
    /// <summary>SSM's status of a command whose targets match no managed server.</summary>
    public const string NoServer = "NoInstancesInTag";

    private const int TimeoutMs = 5_000, FirstDelayMs = 100, MaxDelayMs = 1_000;

    /// <summary>The result of the action when no server has the tags; null when one has, or when the time is not enough to see.</summary>
    public static ActionResult? Refuse(ActionContext context, SsmClient ssm, SendCommandRequest request, string commandId)
    {
        var deadline = context.Deadline.AtMost(context.Settings.Clock, TimeoutMs);
        for (var delay = FirstDelayMs; ; delay = Math.Min(delay * 2, MaxDelayMs))
        {
            var commands = new List<CommandSummary>();
            if (ssm.ListCommands(commandId, commands, deadline) is not null)
            {
                return null;
            }

            if (commands is [{ StatusDetails: NoServer }])
            {
                var tags = request.Targets.ConvertAll(static target => $"{target.Key} = {string.Join(" or ", target.Values)}");
                return ActionResult.Retry($"no managed server has {string.Join(", ", tags)}") with { CommandId = commandId };
            }

            if (commands is [{ Status: not "Pending" }] || deadline.RemainingMs <= delay)
            {
                return null;
            }

            Thread.Sleep(delay);
        }
    }
}
