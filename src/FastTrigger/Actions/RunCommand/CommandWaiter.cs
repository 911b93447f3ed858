using FastTrigger.Actions.Once;
using FastTrigger.Aws;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;
using FastTrigger.Telemetry;

namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// Waits until commands have ended, and reports the outcome on each server (C3.6). Systems Manager lists a command and its servers a little
/// late. So a command that is not listed yet is waited for, and so are servers, until as many are listed as it counts.
/// </summary>
internal sealed class CommandWaiter(ActionContext context, SsmClient ssm, WaitSetting wait, OnceSetting once)
{
    private const int FirstDelayMs = 250, MaxDelayMs = 5_000, MaxShown = 50;

    /// <summary>The time that is kept for cancelling and reporting.</summary>
    private const int ReservedMs = 500;

    private readonly List<InstanceResult> _instances = [];
    private readonly List<string> _failed = [], _unreached = [];
    private int _succeeded, _doneBefore;

    /// <param name="commandIds">Commands that were accepted.</param>
    /// <param name="accepted">The result when all of them succeed.</param>
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

        var servers = _succeeded == 1 ? "1 server" : $"{_succeeded} servers";
        var before = _doneBefore > 0 ? $", {_doneBefore} of them by an earlier delivery" : "";
        return Result($"{accepted.Detail}; {servers} succeeded{before}") with
        {
            CommandId = accepted.CommandId,
            Instances = Shown(),
            MayHaveRun = _succeeded > 0 || _failed.Count > 0,
            WasDoneBefore = _doneBefore > 0 && _doneBefore == _succeeded,
        };
    }

    private ActionResult Result(string detail)
    {
        var unreached = _unreached.Count > 0 ? $"; not reached: {string.Join(", ", _unreached)}" : "";
        return _failed.Count > 0 ? ActionResult.Failed($"{detail}; failed: {string.Join(", ", _failed)}{unreached}")
            : _unreached.Count > 0 ? ActionResult.Retry(detail + unreached)
            : ActionResult.Done(detail);
    }

    private List<InstanceResult> Shown() => _instances.Count <= MaxShown ? _instances : _instances.GetRange(0, MaxShown);

    /// <summary>Null when the command has ended on all servers.</summary>
    private ActionResult? WaitFor(string commandId, Deadline deadline)
    {
        for (var delay = FirstDelayMs; ; delay = Math.Min(delay * 2, MaxDelayMs))
        {
            if (Look(commandId, deadline) is { } ended)
            {
                return ended.Outcome == Outcome.Done ? null : ended;
            }

            if (deadline.RemainingMs < delay + ReservedMs)
            {
                return GiveUp(commandId);
            }

            Thread.Sleep(delay);
        }
    }

    /// <summary>Null while the command runs; done when it has ended, whatever the outcome.</summary>
    private ActionResult? Look(string commandId, Deadline deadline)
    {
        var commands = new List<CommandSummary>();
        if (ssm.ListCommands(commandId, commands, deadline) is { } failure)
        {
            return Unseen(commandId, "ListCommands", failure);
        }

        if (commands is not [var command] || command.Status is "Pending" or "InProgress" or "Cancelling")
        {
            return null;
        }

        if (command.StatusDetails == TagConfirmation.NoServer)
        {
            return ActionResult.Retry("no managed server fits the targets");
        }

        var invocations = new List<CommandInvocation>();
        if (ssm.ListCommandInvocations(commandId, invocations, deadline) is { } unlisted)
        {
            return Unseen(commandId, "ListCommandInvocations", unlisted);
        }

        if (IsShortOf(command, invocations.Count) || invocations.Exists(IsRunning))
        {
            return null;
        }

        foreach (var invocation in invocations)
        {
            Note(commandId, invocation);
        }

        return ActionResult.Done("");
    }

    private static bool IsRunning(CommandInvocation invocation) =>
        invocation.Status is "Pending" or "InProgress" or "Delayed" or "Cancelling";

    /// <summary>Null when the call may succeed later.</summary>
    private ActionResult? Unseen(string commandId, string call, AwsFailure failure) => failure.MayPass && !failure.TimeIsUp
        ? null
        : Lost(commandId, $"{call}: {failure.Reason}") with { CredentialsExpired = failure.Kind == AwsFailureKind.Expired };

    /// <summary>Systems Manager may count a server that the command never went to, because of its errors, and not list it.</summary>
    private static bool IsShortOf(CommandSummary command, int shown) =>
        shown < Math.Min(command.TargetCount, command.CompletedCount) || (shown == 0 && command.TargetCount > 0);

    private void Note(string commandId, CommandInvocation invocation)
    {
        var output = invocation.Output.Length <= wait.Output ? invocation.Output : invocation.Output[..wait.Output];
        var exitCode = invocation.ExitCode is >= 0 ? invocation.ExitCode : null;
        _instances.Add(new(invocation.InstanceId, invocation.StatusDetails, exitCode, output));
        switch (invocation.StatusDetails)
        {
            case "Success":
                _succeeded++;
                var isBefore = once.IsPerServer && invocation.Output.Contains(OnceGuard.AlreadyDone, StringComparison.Ordinal);
                _doneBefore += isBefore ? 1 : 0;
                break;
            case "DeliveryTimedOut" or "Delivery Timed Out" or "Undeliverable":
                _unreached.Add($"{invocation.InstanceId} ({invocation.StatusDetails})");
                break;
            default:
                Log(commandId, invocation, output);
                var code = invocation.ExitCode is > 0 and var value ? $", exit code {value}{Meaning(value)}" : "";
                _failed.Add($"{invocation.InstanceId} ({invocation.StatusDetails}{code})");
                break;
        }
    }

    /// <summary>A failed invocation has no answer that could show the output.</summary>
    private void Log(string commandId, CommandInvocation invocation, string output) => context.Log.Write(
        LogLevel.Error,
        context.Invocation.RequestId,
        "instance",
        ("route", context.RouteName),
        ("commandId", commandId),
        ("instanceId", invocation.InstanceId),
        ("status", invocation.StatusDetails),
        ("exitCode", invocation.ExitCode ?? -1),
        ("output", output));

    private string Meaning(int code) => !once.IsPerServer ? "" : code switch
    {
        OnceGuard.Interrupted => ": an earlier run was interrupted",
        OnceGuard.NoState => ": its act-once state cannot be kept, so nothing was run",
        _ => "",
    };

    private ActionResult GiveUp(string commandId)
    {
        const string Late = "it had not ended within the time for it";
        if (!wait.Cancel)
        {
            return Lost(commandId, Late);
        }

        var failure = ssm.CancelCommand(commandId, context.Deadline);
        var cancelled = failure is null ? "was cancelled where it was pending" : $"could not be cancelled ({failure.Reason})";
        return Lost(commandId, $"{Late}, and {cancelled}");
    }

    /// <summary>Where the command acts once, the next delivery finds it, or the servers that have run it.</summary>
    private ActionResult Lost(string commandId, string reason)
    {
        var text = $"waiting for {commandId}: {reason}";
        var result = once.Enabled ? ActionResult.Retry(text) : ActionResult.Failed($"{text}. It may have run");
        return result with { TimeIsUp = context.Deadline.RemainingMs < ReservedMs, MayHaveRun = true };
    }
}
