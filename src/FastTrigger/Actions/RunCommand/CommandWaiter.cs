using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;
using FastTrigger.Telemetry;

namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// Waits until commands have ended, and says how on each server (C3.6). What Systems Manager shows lags behind what it has done, so a command
/// that is not shown yet is waited for, and its servers until as many are shown as it counts.
/// </summary>
internal sealed class CommandWaiter(ActionContext context, SsmClient ssm, WaitSetting wait, OnceSetting once)
{
    private const int FirstDelayMs = 250, LongestDelayMs = 5_000, MostShown = 50;

    /// <summary>What is left for cancelling and reporting when the time is over.</summary>
    private const int LeftMs = 500;

    private readonly List<InstanceResult> _instances = [];
    private readonly List<string> _failed = [], _again = [];
    private int _succeeded, _doneBefore;

    /// <param name="commandIds">Commands that were accepted.</param>
    /// <param name="accepted">What to say when everything went well.</param>
    public ActionResult Wait(IReadOnlyList<string> commandIds, ActionResult accepted)
    {
        var deadline = wait.Deadline(context);
        foreach (var id in commandIds)
        {
            if (WaitFor(id, deadline) is { } end)
            {
                return end with { CommandId = id, Instances = Shown() };
            }
        }

        var detail = $"{accepted.Detail}; {Counted(_succeeded, "succeeded")}{(_doneBefore > 0 ? $", {_doneBefore} of them by an earlier delivery" : "")}";
        var result = _failed.Count > 0 ? ActionResult.Failed($"{detail}; failed: {string.Join(", ", _failed)}{(_again.Count > 0 ? $"; not reached: {string.Join(", ", _again)}" : "")}")
            : _again.Count > 0 ? ActionResult.Retry($"{detail}; not reached: {string.Join(", ", _again)}")
            : ActionResult.Done(detail);
        return result with
        {
            CommandId = accepted.CommandId,
            Instances = Shown(),
            MayHaveRun = _succeeded > 0 || _failed.Count > 0,
            WasDoneBefore = _doneBefore > 0 && _doneBefore == _succeeded,
        };
    }

    private static string Counted(int count, string what) => $"{count} {(count == 1 ? "server" : "servers")} {what}";

    private List<InstanceResult> Shown() => _instances.Count <= MostShown ? _instances : _instances.GetRange(0, MostShown);

    /// <summary>Null when the command has ended everywhere.</summary>
    private ActionResult? WaitFor(string commandId, Deadline deadline)
    {
        for (var delay = FirstDelayMs; ; delay = Math.Min(delay * 2, LongestDelayMs))
        {
            if (Look(commandId, deadline) is { } ended)
            {
                return ended.Outcome == Outcome.Done ? null : ended;
            }

            if (deadline.RemainingMs < delay + LeftMs)
            {
                return GiveUp(commandId);
            }

            Thread.Sleep(delay);
        }
    }

    /// <summary>Null when it is not over; done when it is, whatever came of it.</summary>
    private ActionResult? Look(string commandId, Deadline deadline)
    {
        var commands = new List<CommandSummary>();
        if (ssm.ListCommands(commandId, commands, deadline) is { } failure)
        {
            return failure.MayPass && !failure.TimeIsUp ? null : Lost(commandId, $"ListCommands: {failure.Reason}") with { CredentialsExpired = failure.Kind == Aws.AwsFailureKind.Expired };
        }

        if (commands is not [var command] || command.Status is "Pending" or "InProgress" or "Cancelling")
        {
            return null;
        }

        if (command.StatusDetails == CommandSender.NoServer)
        {
            return ActionResult.Retry("no managed server fits the targets");
        }

        var invocations = new List<CommandInvocation>();
        if (ssm.ListCommandInvocations(commandId, invocations, deadline) is not null || IsShortOf(command, invocations.Count) || invocations.Exists(static invocation => invocation.Status is "Pending" or "InProgress" or "Delayed" or "Cancelling"))
        {
            return null;
        }

        foreach (var invocation in invocations)
        {
            Note(commandId, invocation);
        }

        return ActionResult.Done("");
    }

    /// <summary>Servers that a command never went to, because of its errors, may be counted and not be shown.</summary>
    private static bool IsShortOf(CommandSummary command, int shown) => shown < Math.Min(command.TargetCount, command.CompletedCount) || (shown == 0 && command.TargetCount > 0);

    private void Note(string commandId, CommandInvocation invocation)
    {
        var output = invocation.Output.Length <= wait.Output ? invocation.Output : invocation.Output[..wait.Output];
        _instances.Add(new(invocation.InstanceId, invocation.StatusDetails, invocation.ExitCode is >= 0 ? invocation.ExitCode : null, output));
        switch (invocation.StatusDetails)
        {
            case "Success":
                _succeeded++;
                _doneBefore += once.IsPerServer && invocation.Output.Contains(OnceGuard.AlreadyDone, StringComparison.Ordinal) ? 1 : 0;
                break;
            case "DeliveryTimedOut" or "Delivery Timed Out" or "Undeliverable":
                _again.Add($"{invocation.InstanceId} ({invocation.StatusDetails})");
                break;
            default:
                // A failed invocation has no answer that could show it.
                context.Log.Write(LogLevel.Error, context.Invocation.RequestId, "instance", ("route", context.RouteName), ("commandId", commandId), ("instanceId", invocation.InstanceId), ("status", invocation.StatusDetails), ("exitCode", invocation.ExitCode ?? -1), ("output", output));
                _failed.Add($"{invocation.InstanceId} ({invocation.StatusDetails}{(invocation.ExitCode is > 0 and var code ? $", exit code {code}{Meaning(code)}" : "")})");
                break;
        }
    }

    private string Meaning(int code) => !once.IsPerServer ? "" : code switch
    {
        OnceGuard.Interrupted => ": an earlier run was interrupted",
        OnceGuard.NoState => ": its act-once state cannot be kept, so nothing was run",
        _ => "",
    };

    private ActionResult GiveUp(string commandId)
    {
        if (!wait.Cancel)
        {
            return Lost(commandId, "it had not ended within the time for it");
        }

        var failure = ssm.CancelCommand(commandId, context.Deadline);
        return Lost(commandId, $"it had not ended within the time for it, and {(failure is null ? "was cancelled where it was pending" : $"could not be cancelled ({failure.Reason})")}");
    }

    /// <summary>Whoever comes again finds the command, or the servers that have done it, where it acts once.</summary>
    private ActionResult Lost(string commandId, string reason)
    {
        var text = $"waiting for {commandId}: {reason}";
        return (!once.Enabled ? ActionResult.Failed($"{text}. It may have run") : ActionResult.Retry(text)) with { TimeIsUp = context.Deadline.RemainingMs < LeftMs, MayHaveRun = true };
    }
}
