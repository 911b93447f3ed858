using FastTrigger.Actions.Once;
using FastTrigger.Aws.Ec2;
using FastTrigger.Values;

namespace FastTrigger.Actions.Instances;

/// <summary>
/// Starts, stops, reboots or terminates instances. Their states are looked at first, so a second delivery finds nothing to do; a reboot
/// leaves no state, and needs an entry in the act-once table (C4.3).
/// </summary>
internal sealed class InstanceAction(StateChange change, InstanceSettings settings, Allow allow) : RouteAction
{
    /// <summary>EC2 refuses a call as a whole when it refuses one instance of it.</summary>
    private const int MaxPerCall = 100;

    private static readonly ActionCall s_look = new(
        Ec2Client.Operations.DescribeInstances,
        "looks at the states and tags of the instances, and for the new state with `wait`")
    { FollowsEvent = true };

    public override string Name => change.Action;

    public override OnceSetting? Once => settings.Once.Enabled ? settings.Once : null;

    public static InstanceAction? Read(SettingReader settings, ActionScope scope, StateChange change) =>
        InstanceSettings.Read(settings, change, scope.Allow) is { } read ? new(change, read, scope.Allow) : null;

    public override ActionResult Run(ActionContext context)
    {
        if (settings.Reach.Resolve(context, out var end) is not { } scope)
        {
            return end;
        }

        var key = settings.Once.Enabled ? settings.Once.Key(context) : ValueResult.Of("");
        if (key.Failure("once.by") is { } noKey)
        {
            return noKey;
        }

        var ec2 = new Ec2Client(context.Aws, scope.Region, scope.Credentials);
        var selection = new InstanceSelection(context, change, settings);
        if (selection.Find(ec2, scope.Region) is { } failure)
        {
            return failure;
        }

        if (context.DryRun && selection.Change.Count > 0)
        {
            return ActionResult.Skipped($"dry run: would {change.Verb} {IdText.Ids(selection.Change)}");
        }

        if (!settings.Once.Enabled || selection.Change.Count == 0)
        {
            return Work(context, ec2, selection);
        }

        if (OnceEntry.Take(context, key.Text, out end) is not { } entry)
        {
            return end;
        }

        using (entry)
        {
            return entry.Close(entry.IsTakenOver && !settings.Once.RerunInterrupted
                ? ActionResult.Failed($"an earlier delivery was cut off, which may have {change.Did} them") with { MayHaveRun = true }
                : Work(context, ec2, selection));
        }
    }

    protected override IReadOnlyList<ActionCall> ListCalls()
    {
        var calls = new List<ActionCall> { new ChangeStateCall(change, settings, allow) { FollowsEvent = true }, s_look };
        if (settings.Once.Enabled)
        {
            calls.AddRange(OnceTable.Calls);
        }

        return settings.Reach.Complete(calls, allow);
    }

    private ActionResult Work(ActionContext context, Ec2Client ec2, InstanceSelection selection)
    {
        var changed = new List<string>();
        var problem = Change(context, ec2, selection.Change, changed);
        var isOver = false;
        if (problem is null && settings.Wait is { } wait && change.Target is { } target)
        {
            problem = new StateWait(context, ec2, target).Run([.. changed, .. selection.OnTheWay], wait);
            isOver = problem is null;
        }

        return Report(selection, changed, problem, isOver);
    }

    private ActionResult Report(InstanceSelection selection, List<string> changed, ActionResult? problem, bool isOver)
    {
        var did = isOver ? change.Did : change.Doing;
        var parts = new List<string>();
        Add($"{did}: ", changed);
        Add($"already {did}: ", selection.OnTheWay);
        Add($"already {change.Did}: ", selection.Already);
        Add("left alone: ", selection.Skipped);
        Add("", selection.Later);
        Add("", selection.Impossible);
        var text = parts.Count > 0 ? string.Join("; ", parts) : $"no instance fits the targets that could be {change.Did}";
        var result = problem is { } failed ? failed.Adding(parts.Count > 0 ? $"; {text}" : "")
            : selection.Later.Count > 0 ? ActionResult.Retry(text)
            : selection.Impossible.Count > 0 ? ActionResult.Failed(text)
            : changed.Count + selection.OnTheWay.Count > 0 ? ActionResult.Done(text) with { IsAccepted = !isOver }
            : ActionResult.Skipped(text);
        // What was done to some instances and leaves no state in them must not be done again for the sake of the others.
        return change.Target is null && changed.Count > 0 && result.Outcome != Outcome.Done
            ? result.Failing(result.Detail) with { MayHaveRun = true }
            : result;

        void Add(string before, List<string> ids)
        {
            if (ids.Count > 0)
            {
                parts.Add(before + IdText.Ids(ids));
            }
        }
    }

    /// <summary>Null when all of them are changed.</summary>
    private ActionResult? Change(ActionContext context, Ec2Client ec2, List<string> ids, List<string> changed)
    {
        for (var start = 0; start < ids.Count; start += MaxPerCall)
        {
            if (ChangeSome(context, ec2, ids.GetRange(start, Math.Min(MaxPerCall, ids.Count - start)), changed) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>One call; when EC2 refuses it because of one of the instances, one call for each.</summary>
    private ActionResult? ChangeSome(ActionContext context, Ec2Client ec2, List<string> ids, List<string> changed)
    {
        if (ec2.Change(change.Operation, ids, settings.Options, context.Deadline) is not { } failure)
        {
            changed.AddRange(ids);
            return null;
        }

        if (ids.Count == 1 || !failure.Blames(ids))
        {
            var result = failure.Result(change.Operation.Name, ids);
            // What cannot be seen in the state of an instance must not be done again.
            return failure.IsUnknown && change.Target is null
                ? result.Failing($"{result.Detail}; it may have {change.Did} {IdText.Ids(ids)}") with { MayHaveRun = true }
                : result;
        }

        ActionResult? worst = null;
        foreach (var id in ids)
        {
            var one = ChangeSome(context, ec2, [id], changed);
            worst = one?.Outcome == Outcome.Retry ? one : worst ?? one;
        }

        return worst;
    }
}
