using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>Runs shell or PowerShell text, or a document, on servers through Systems Manager: at most once for an event.</summary>
internal sealed class RunCommandAction(RunCommandSettings settings, bool asksEc2) : RouteAction
{
    public RunCommandSettings Settings => settings;

    public override string Name => "run-command";

    public override (string Service, string? Region)[] Endpoints =>
        [("ssm", settings.Reach.Region), .. asksEc2 ? [("ec2", settings.Reach.Region)] : Nothing, .. settings.Once.IsPerEvent ? [("dynamodb", null)] : Nothing, .. settings.Reach.Endpoints];

    public override bool NeedsNewInstance => settings.Targets.AreOfEvent;

    public override bool NeedsOnceTable => settings.Once.IsPerEvent;

    public override byte[]? RehearsedAnswer => settings.Wait is not null || settings.Reach.Role is not null || asksEc2 || settings.Offline != WhenOffline.NotAsked
        ? null
        : [.. """{"Command":{"CommandId":"00000000-0000-0000-0000-000000000000"},"Commands":[{"CommandId":"00000000-0000-0000-0000-000000000000","Status":"InProgress","StatusDetails":"InProgress"}]}"""u8];

    public static RunCommandAction? Read(SettingReader settings, ActionScope scope) =>
        RunCommandSettings.Read(settings, scope.Allow) is { } read ? new(read, read.Targets.Resolve is not null || (scope.Allow.InstanceTags.Count > 0 && !read.Targets.ByTag)) : null;

    public override ActionResult Run(ActionContext context) => Plan(context, out var end) is { } plan ? Send(context, plan) : end;

    /// <summary>An entry in the act-once table is for one event, the results that are waited for are one event's, and servers that are found by tags are the same for all.</summary>
    public override bool CanShare => settings is { Wait: null, Once.IsPerEvent: false, Targets: { ByTag: false, Resolve: null } };

    public override ShareableCall? Prepare(ActionContext context) =>
        Plan(context, out _) is { Left.Length: 0, Ids.Count: <= SsmClient.MostInstanceIds } plan ? new SharedCommand(this, context, plan, settings.Once) : null;

    /// <summary>Everything that can be known before a command is sent; null with how the action ends when there is nothing to send.</summary>
    private CommandPlan? Plan(ActionContext context, out ActionResult end)
    {
        if (settings.Reach.Resolve(context, out end) is not { } scope)
        {
            return null;
        }

        var ids = settings.Targets.Evaluate(context.Scope, out end);
        if (ids is null)
        {
            return null;
        }

        // Without "once" each delivery is a command of its own, and finds none but its own again.
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

    private static (string Service, string? Region)[] Nothing => [];

    /// <summary>Completes the list of servers and looks at them; how the action ends when there is none to send to.</summary>
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
        var refused = (settings.Targets.Resolve is null ? check.Permit(ec2, ids) : null)
            ?? (settings.Offline == WhenOffline.NotAsked ? null : check.Check(new(context.Aws, scope.Region, scope.Credentials), ids, settings.Offline));
        left = check.Skipped;
        if (refused is null && ids.Count > SsmClient.MostInstanceIds && !settings.Once.IsPerServer)
        {
            // A part that was accepted could not be told from one that was not when the event comes again (C5.2).
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

        if (context.DryRun)
        {
            var where = ids.Count > 0 ? string.Join(", ", ids) : string.Join(" and ", request.Targets.ConvertAll(static target => $"{target.Key} = {string.Join(" or ", target.Values)}"));
            return ActionResult.Skipped($"dry run: would send {request.DocumentName} to {where}");
        }

        long? since = entry is { IsTakenOver: true } ? entry.StartedMs : null;
        var ssm = new SsmClient(context.Aws, scope.Region, scope.Credentials);
        var result = new CommandSender(context, ssm, request, key, settings.Once, settings.Wait, since).Send(ids, settings.Confirm);
        result = left.Length > 0 ? result.Adding($"; {left}, left out") : result;
        return entry?.Close(result) ?? result;
    }
}
