using FastTrigger.Actions.Once;
using FastTrigger.Aws;
using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// Sends a command, and knows what Systems Manager accepted. SendCommand has no client token, so one whose response was lost is looked for
/// before it is sent again (C5.1). A list with an id that is refused is halved until the good ones are accepted (C5.2).
/// </summary>
/// <param name="since">Since when a delivery that died may have sent it: it is looked for before it is sent. Null when none may.</param>
internal sealed class CommandSender(
    ActionContext context,
    SsmClient ssm,
    SendCommandRequest request,
    string key,
    OnceSetting once,
    WaitSetting? wait,
    long? since)
{
    public const int TokenLength = 16;

    /// <summary>SSM's one code for an agent that is offline, an instance that is not running and a permission that is missing.</summary>
    private const string Refusal = "InvalidInstanceId";

    /// <summary>
    /// SSM's clock and ours may differ when commands since a moment are listed: by the five minutes for which AWS takes a signature, and
    /// nobody notices.
    /// </summary>
    private const long ClockMarginMs = 6 * 60_000;

    private const int FirstDelayMs = 200, MaxDelayMs = 800;

    private readonly List<(string CommandId, int Count)> _accepted = [];
    private readonly List<string> _refused = [];

    /// <summary>Whether a list that is refused is tried in halves.</summary>
    public bool Halves { get; init; } = once.IsPerServer;

    /// <param name="ids">Instance ids; empty when the request targets tags.</param>
    public ActionResult Send(List<string> ids, bool confirm)
    {
        if (ids.Count == 0)
        {
            return SendOne([], out _) ?? AcceptedByTag(confirm);
        }

        for (var start = 0; start < ids.Count; start += SsmClient.MaxInstanceIds)
        {
            if (SendSome(ids.GetRange(start, Math.Min(SsmClient.MaxInstanceIds, ids.Count - start))) is { } end)
            {
                return end;
            }
        }

        if (_refused.Count == 0)
        {
            return wait is not null ? Waited() : Accepted();
        }

        var refused = $"{Refusal} for {string.Join(", ", _refused)}: no agent is online there yet, or the instance is not running";
        var accepted = _accepted.Count == 0 ? "" : $"; accepted for the others as {Commands()}";
        return ActionResult.Retry(refused + accepted) with
        {
            CommandId = First(),
            MayHaveRun = _accepted.Count > 0,
            BlamesTarget = true,
        };
    }

    /// <summary>Null when each id is either accepted or refused alone.</summary>
    private ActionResult? SendSome(List<string> ids)
    {
        var end = SendOne(ids, out var isRefused);
        if (!isRefused)
        {
            return end;
        }

        if (ids.Count == 1 || !Halves)
        {
            _refused.AddRange(ids);
            return null;
        }

        // One bad id fails the whole call. Each half is tried alone: the guard on the server makes that safe.
        var half = ids.Count / 2;
        return SendSome(ids.GetRange(0, half)) ?? SendSome(ids.GetRange(half, ids.Count - half));
    }

    /// <summary>Makes one SendCommand: null when it is accepted, or when its ids are refused.</summary>
    private ActionResult? SendOne(List<string> ids, out bool isRefused)
    {
        isRefused = false;
        // Per event there is one command, whatever servers are found when it is looked for; else each list of ids has its own.
        var token = OnceSetting.Hash(once.IsPerEvent ? key : $"{key}\0{string.Join(',', ids)}")[..TokenLength];
        if (since is { } first)
        {
            if (Find(token, first, out var unseen) is { } sent)
            {
                _accepted.Add((sent.CommandId, ids.Count));
                return null;
            }

            if (unseen is not null)
            {
                // Nothing is sent before the earlier command was looked for, whatever refuses that now.
                return unseen.Result("ListCommands").Retrying() with { MayHaveRun = true };
            }
        }

        var started = context.Settings.Clock.UnixMs;
        var complete = request with { InstanceIds = ids, Comment = $"{request.Comment} {token}" };
        var failure = ssm.SendCommand(complete, context.Deadline, out var commandId);
        if (failure is null)
        {
            _accepted.Add((commandId, ids.Count));
            return null;
        }

        isRefused = failure.Code == Refusal && ids.Count > 0;
        return isRefused ? null
            : failure.IsUnknown ? LookFor(token, started, ids.Count, failure)
            : WithAccepted(failure.Result("SendCommand", ids));
    }

    /// <summary>Finds out whether a command whose response was lost is accepted.</summary>
    /// <param name="started">By our clock. The sending itself may have shown how far AWS's differs.</param>
    private ActionResult? LookFor(string token, long started, int count, AwsFailure lost)
    {
        for (var delay = FirstDelayMs; ; delay *= 2)
        {
            if (Find(token, started + context.Shared.ClockOffsetMs, out var failure) is { } found)
            {
                _accepted.Add((found.CommandId, count));
                return null;
            }

            if (failure is not null || delay > MaxDelayMs || context.Deadline.RemainingMs < delay * 2)
            {
                break;
            }

            Thread.Sleep(delay);
        }

        var text = $"SendCommand: {lost.Reason}; ListCommands does not show the command";
        var result = once.IsPerServer ? ActionResult.Retry($"{text}. Each server runs it at most once, so it may be sent again")
            : once.Enabled ? ActionResult.Retry($"{text}. It is looked for again before it is sent again")
            : ActionResult.Failed($"{text}. It may have run");
        return WithAccepted(result) with { TimeIsUp = lost.TimeIsUp, MayHaveRun = true };
    }

    /// <summary>Finds the command with that token. A command that found no server did not run.</summary>
    private CommandSummary? Find(string token, long sinceMs, out AwsFailure? failure)
    {
        var commands = new List<CommandSummary>();
        failure = ssm.ListCommands(request.DocumentName, sinceMs - ClockMarginMs, commands, context.Deadline);
        return commands.Find(command =>
            command.Comment.EndsWith(token, StringComparison.Ordinal) && command.StatusDetails != TagConfirmation.NoServer);
    }

    private ActionResult AcceptedByTag(bool confirm)
    {
        if (wait is not null)
        {
            return Waited();
        }

        var unconfirmed = confirm ? TagConfirmation.Refuse(context, ssm, request, _accepted[0].CommandId) : null;
        return unconfirmed ?? Accepted();
    }

    private ActionResult Waited() =>
        new CommandWaiter(context, ssm, wait!, once).Wait(_accepted.ConvertAll(static command => command.CommandId), Accepted());

    private ActionResult Accepted() => ActionResult.Done($"accepted by Systems Manager as {Commands()}") with
    {
        CommandId = First(),
        MayHaveRun = true,
        IsAccepted = true,
    };

    private ActionResult WithAccepted(ActionResult result) => _accepted.Count == 0
        ? result
        : result.Adding($"; accepted before that: {Commands()}") with { CommandId = First(), MayHaveRun = true };

    private string? First() => _accepted.Count == 0 ? null : _accepted[0].CommandId;

    private string Commands() => string.Join(", ", _accepted.ConvertAll(static command => command.Count switch
    {
        0 => command.CommandId,
        1 => $"{command.CommandId} (1 instance)",
        _ => $"{command.CommandId} ({command.Count} instances)",
    }));
}
