using FastTrigger.Actions.Once;
using FastTrigger.Aws;
using FastTrigger.Aws.Ssm;

namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// Gets a command accepted, and knows what was. SendCommand has no client token, so one whose answer was lost is never sent again before it
/// was looked for (C5.1); a list with an id that SSM refuses is halved until the good ones are through (C5.2).
/// </summary>
/// <param name="since">Not null when a delivery that died may have sent it: since when it is looked for before it is sent.</param>
internal sealed class CommandSender(ActionContext context, SsmClient ssm, SendCommandRequest request, string key, OnceSetting once, WaitSetting? wait, long? since)
{
    public const int TokenLength = 16;

    /// <summary>SSM's one word for an agent that is offline, an instance that is not running and a permission that is missing.</summary>
    private const string Refusal = "InvalidInstanceId";

    /// <summary>Their clock and ours may differ by a little when commands since a moment are asked for.</summary>
    private const long ClockMarginMs = 60_000;

    /// <summary>What SSM calls a command whose targets no managed server fits.</summary>
    public const string NoServer = "NoInstancesInTag";

    /// <summary>Whether a list that is refused is tried in halves.</summary>
    public bool Halves { get; init; } = once.IsPerServer;

    private readonly List<(string CommandId, int Count)> _accepted = [];
    private readonly List<string> _refused = [];

    /// <param name="ids">Instance ids; empty when the request targets tags.</param>
    public ActionResult Send(List<string> ids, bool confirm)
    {
        if (ids.Count == 0)
        {
            return SendOne([]) ?? (wait is not null ? Waited() : confirm ? Confirm(_accepted[0].CommandId) : Accepted());
        }

        for (var start = 0; start < ids.Count; start += SsmClient.MostInstanceIds)
        {
            if (SendSome(ids.GetRange(start, Math.Min(SsmClient.MostInstanceIds, ids.Count - start))) is { } end)
            {
                return end;
            }
        }

        if (_refused.Count == 0)
        {
            return wait is not null ? Waited() : Accepted();
        }

        var accepted = _accepted.Count == 0 ? "" : $"; accepted for the others as {Commands()}";
        return ActionResult.Retry($"{Refusal} for {string.Join(", ", _refused)}: no agent is online there yet, or the instance is not running{accepted}") with { CommandId = First(), MayHaveRun = _accepted.Count > 0 };
    }

    /// <summary>Null when every id was either accepted or refused for itself alone.</summary>
    private ActionResult? SendSome(List<string> ids)
    {
        var end = SendOne(ids);
        if (end is not null || !_refused.Contains(ids[0]) || ids.Count == 1 || !Halves)
        {
            return end;
        }

        // One bad id fails the whole call. Each half is tried for itself: the guard on the server makes that safe.
        _refused.RemoveAll(ids.Contains);
        var half = ids.Count / 2;
        return SendSome(ids.GetRange(0, half)) ?? SendSome(ids.GetRange(half, ids.Count - half));
    }

    /// <summary>One SendCommand: null when it was accepted, or when its ids were refused and noted.</summary>
    private ActionResult? SendOne(List<string> ids)
    {
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
                return unseen.Result("ListCommands") with { MayHaveRun = true };
            }
        }

        var began = context.Settings.Clock.UnixMs + context.Shared.ClockOffsetMs;
        var failure = ssm.SendCommand(request with { InstanceIds = ids, Comment = $"{request.Comment} {token}" }, context.Deadline, out var commandId);
        if (failure is null)
        {
            _accepted.Add((commandId, ids.Count));
            return null;
        }

        if (failure.Code == Refusal && ids.Count > 0)
        {
            _refused.AddRange(ids);
            return null;
        }

        if (failure.IsUnknown)
        {
            return LookFor(token, began, ids.Count, failure);
        }

        return WithAccepted(failure.Result("SendCommand"));
    }

    /// <summary>Whether a command whose answer did not come was accepted all the same.</summary>
    private ActionResult? LookFor(string token, long began, int count, AwsFailure lost)
    {
        for (var delay = 200; ; delay *= 2)
        {
            if (Find(token, began, out var failure) is { } found)
            {
                _accepted.Add((found.CommandId, count));
                return null;
            }

            if (failure is not null || delay > 800 || context.Deadline.RemainingMs < delay * 2)
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

    /// <summary>The command with that token. One that found no server is not one that ran.</summary>
    private CommandSummary? Find(string token, long sinceMs, out AwsFailure? failure)
    {
        var commands = new List<CommandSummary>();
        failure = ssm.ListCommands(request.DocumentName, sinceMs - ClockMarginMs, commands, context.Deadline);
        return commands.Find(command => command.Comment.EndsWith(token, StringComparison.Ordinal) && command.StatusDetails != NoServer);
    }

    private ActionResult Waited() => new CommandWaiter(context, ssm, wait!, once).Wait(_accepted.ConvertAll(static command => command.CommandId), Accepted());

    /// <summary>A tag that no server has is no error of SendCommand's, so one look follows (C3.6), repeated while the command is still pending.</summary>
    private ActionResult Confirm(string commandId)
    {
        var deadline = context.Deadline.AtMost(context.Settings.Clock, 5_000);
        for (var delay = 100; ; delay = Math.Min(delay * 2, 1_000))
        {
            var commands = new List<CommandSummary>();
            if (ssm.ListCommands(commandId, commands, deadline) is not null)
            {
                return Accepted();
            }

            if (commands is [{ StatusDetails: NoServer }])
            {
                var tags = string.Join(", ", request.Targets.ConvertAll(static target => $"{target.Key} = {string.Join(" or ", target.Values)}"));
                return ActionResult.Retry($"no managed server has {tags}") with { CommandId = commandId };
            }

            if (commands is [{ Status: not "Pending" }] || deadline.RemainingMs <= delay)
            {
                return Accepted();
            }

            Thread.Sleep(delay);
        }
    }

    private ActionResult Accepted() => ActionResult.Done($"accepted by Systems Manager as {Commands()}") with { CommandId = First(), MayHaveRun = true, IsAccepted = true };

    private ActionResult WithAccepted(ActionResult result) => _accepted.Count == 0
        ? result
        : (result.Outcome == Outcome.Retry ? ActionResult.Retry(Named(result)) : ActionResult.Failed(Named(result))) with { CommandId = First(), TimeIsUp = result.TimeIsUp, IsThrottled = result.IsThrottled, CredentialsExpired = result.CredentialsExpired, MayHaveRun = true };

    private string Named(ActionResult result) => $"{result.Detail}; accepted before that: {Commands()}";

    private string? First() => _accepted.Count == 0 ? null : _accepted[0].CommandId;

    private string Commands() => string.Join(", ", _accepted.ConvertAll(static command => command.Count == 0 ? command.CommandId : $"{command.CommandId} ({command.Count} {(command.Count == 1 ? "instance" : "instances")})"));
}
