using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Runs shell or PowerShell text, or a document, on servers through Systems Manager: at most once for an event.</summary>
/// <param name="asksEc2">Whether EC2 knows the servers or their tags.</param>
internal sealed class RunCommandAction(RunCommandSettings settings, Allow allow, bool asksEc2) : RouteAction
{
    private static ReadOnlySpan<byte> RehearsedCommand => """
        {
          "Command": {"CommandId": "00000000-0000-0000-0000-000000000000"},
          "Commands": [{"CommandId": "00000000-0000-0000-0000-000000000000", "Status": "InProgress", "StatusDetails": "InProgress"}]
        }
        """u8;

    public override string Name => "run-command";

    public override bool NeedsNewInstance => settings.Targets.AreOfEvent;

    public override OnceSetting? Once => settings.Once;

    public override byte[]? RehearsedAnswer =>
        settings is { Wait: null, Reach.Role: null, Offline: WhenOffline.NotAsked } && !asksEc2
            ? [.. RehearsedCommand]
            : null;

    /// <summary>
    /// An entry of the act-once table is for one event, and so is a result that is waited for. Servers that are found by tags are the same
    /// for all events.
    /// </summary>
    public override bool CanBatch => settings is { Wait: null, Once.IsPerEvent: false, Targets: { ByTag: false, Resolve: null } };

    public static RunCommandAction? Read(SettingReader settings, ActionScope scope)
    {
        if (RunCommandSettings.Read(settings, scope.Allow) is not { } read)
        {
            return null;
        }

        var isLimited = scope.Allow.InstanceTags.Count > 0 && !read.Targets.ByTag;
        return new(read, scope.Allow, read.Targets.Resolve is not null || isLimited);
    }

    public override ActionResult Run(ActionContext context) => Plan(context, out var end) is { } plan ? Send(context, plan) : end;

    public override BatchableCall? Prepare(ActionContext context) =>
        Plan(context, out _) is { Left.Length: 0, Ids.Count: <= SsmClient.MaxInstanceIds } plan
            ? new BatchedCommand(this, context, plan, settings.Once)
            : null;

    protected override IReadOnlyList<ActionCall> ListCalls() => RunCommandCalls.List(settings, allow, asksEc2);

    /// <summary>Prepares a command up to the sending; null with the result when there is nothing to send.</summary>
    private CommandPlan? Plan(ActionContext context, out ActionResult end)
    {
        if (settings.Reach.Resolve(context, out end) is not { } scope)
        {
            return null;
        }

        var ids = settings.Targets.Evaluate(context.Scope, scope.Region, out end);
        if (ids is null)
        {
            return null;
        }

        // Without "once" each delivery has a command of its own, and finds only its own again.
        var key = settings.Once.Enabled ? settings.Once.Key(context) : ValueResult.Of(OnceSetting.NewId());
        if (key.Failure("once.by") is { } noKey)
        {
            end = noKey;
            return null;
        }

        var builder = new CommandRequestBuilder(settings, context.Scope);
        var request = builder.Build(key.Text);
        var left = "";
        if ((builder.Failure ?? Find(context, scope, ids, out left)) is { } failure)
        {
            end = failure;
            return null;
        }

        return new(scope, ids, left, key.Text, request);
    }

    /// <summary>Completes the list of servers and checks them; the result when there is none to send to.</summary>
    private ActionResult? Find(ActionContext context, AwsScope scope, List<string> ids, out string left)
    {
        left = "";
        if (settings.Targets.ByTag)
        {
            return null;
        }

        var ec2 = new Ec2Client(context.Aws, scope.Region, scope.Credentials);
        if (settings.Targets.Resolve is { } search)
        {
            if (search.Find(context, ec2, out var end) is not { } found)
            {
                return end;
            }

            ids.AddRange(found);
        }

        if (ids.Count == 0)
        {
            return ActionResult.Failed("targets.instanceIds: the event names no instance");
        }

        var check = new OnlineCheck(context);
        var refused = settings.Targets.Resolve is null ? check.Permit(ec2, ids) : null;
        if (refused is null && settings.Offline != WhenOffline.NotAsked)
        {
            refused = check.Check(new(context.Aws, scope.Region, scope.Credentials), ids, settings.Offline);
        }

        left = check.Skipped;
        if (refused is null && ids.Count > SsmClient.MaxInstanceIds && !settings.Once.IsPerServer)
        {
            // When the event comes again, nobody knows which command was accepted (C5.2).
            return ActionResult.Failed($"{ids.Count} instances take several commands, which needs \"once\" per server");
        }

        return refused;
    }

    internal ActionResult Send(ActionContext context, CommandPlan plan)
    {
        var (scope, ids, left, key, request) = plan;
        OnceEntry? entry = null;
        if (settings.Once.IsPerEvent && (entry = OnceEntry.Take(context, key, out var end)) is null)
        {
            return end;
        }

        using var held = entry;
        if (context.DryRun)
        {
            var targets = request.Targets.ConvertAll(static target => $"{target.Key} = {string.Join(" or ", target.Values)}");
            var where = ids.Count > 0 ? string.Join(", ", ids) : string.Join(" and ", targets);
            return ActionResult.Skipped($"dry run: would send {request.DocumentName} to {where}");
        }

        long? since = entry is { IsTakenOver: true } ? entry.StartedMs : null;
        var ssm = new SsmClient(context.Aws, scope.Region, scope.Credentials);
        var sender = new CommandSender(context, ssm, request, key, settings.Once, settings.Wait, since);
        var result = sender.Send(ids, settings.Confirm);
        result = left.Length > 0 ? result.Adding($"; {left}, left out") : result;
        return entry?.Close(result) ?? result;
    }
}
