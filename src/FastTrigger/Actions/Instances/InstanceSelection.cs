using FastTrigger.Aws.Ec2;
using FastTrigger.Core;

namespace FastTrigger.Actions.Instances;

/// <summary>The instances of an action, by what is to be done with them.</summary>
internal sealed class InstanceSelection(ActionContext context, StateChange change, InstanceSettings settings)
{
    /// <summary>DescribeInstances may know a new instance later than its event is there.</summary>
    private const long NewForMs = 5 * 60_000;

    private const int DateLength = 10;

    /// <summary>Those whose state is to be changed.</summary>
    public List<string> Change { get; } = [];

    /// <summary>Those whose state EC2 is changing already.</summary>
    public List<string> OnTheWay { get; } = [];

    /// <summary>Those that are in the state.</summary>
    public List<string> Already { get; } = [];

    /// <summary>Those whose state can be changed a little later.</summary>
    public List<string> Later { get; } = [];

    /// <summary>Those that were named and whose state cannot be changed, each with the reason.</summary>
    public List<string> Impossible { get; } = [];

    /// <summary>Those that are left alone, each with the tag that says so.</summary>
    public List<string> Skipped { get; } = [];

    /// <summary>Looks the instances up; null when that worked, else the result of the action.</summary>
    public ActionResult? Find(Ec2Client ec2, string region)
    {
        var filters = new List<Filter>();
        var ids = new List<string>();
        if (settings.Ids.Count > 0)
        {
            if (settings.Ids.Evaluate(context.Scope, region, out var end) is not { } named)
            {
                return end;
            }

            if (named.Count == 0)
            {
                return ActionResult.Failed("targets.instanceIds: the event names no instance");
            }

            ids = named;
            filters.Add(new("instance-id", ids));
        }
        else if (settings.Filters.AddTo(filters, context.Scope, "targets.") is { } missing)
        {
            return missing;
        }

        var found = new List<InstanceDescription>();
        if (ec2.DescribeInstances(filters, [], found, context.Deadline) is { } failure)
        {
            return failure.Result("DescribeInstances");
        }

        if (Refuse(found, ids) is { } refused)
        {
            return refused;
        }

        foreach (var instance in found)
        {
            Add(instance, ids.Count > 0);
        }

        return Change.Count <= settings.Max
            ? null
            : ActionResult.Failed($"{Change.Count} instances would be {change.Did}, and 'max' is {settings.Max}");
    }

    /// <summary>What is wrong with the instances that were named; those that were searched are only narrowed.</summary>
    private ActionResult? Refuse(List<InstanceDescription> found, List<string> ids)
    {
        var known = new HashSet<string>();
        var permitted = new HashSet<string>();
        foreach (var instance in found)
        {
            known.Add(instance.InstanceId);
            if (context.Allow.Permits(instance))
            {
                permitted.Add(instance.InstanceId);
            }
        }

        found.RemoveAll(instance => !permitted.Contains(instance.InstanceId));
        var unknown = ids.FindAll(id => !known.Contains(id));
        if (unknown.Count > 0)
        {
            var text = $"DescribeInstances: EC2 does not know {IdText.Ids(unknown)}";
            var isNew = context.Item.TimeMs is { } time && context.Settings.Clock.UnixMs - time < NewForMs;
            return isNew ? ActionResult.Retry(text) : ActionResult.Failed(text);
        }

        var refused = ids.FindAll(id => !permitted.Contains(id));
        var verb = refused.Count == 1 ? "has" : "have";
        return refused.Count == 0
            ? null
            : ActionResult.Failed($"allow.instanceTags: {IdText.Ids(refused)} {verb} none of these tags");
    }

    private void Add(InstanceDescription instance, bool isNamed)
    {
        var (id, state) = (instance.InstanceId, instance.State);
        if (Array.IndexOf(change.From, state) >= 0)
        {
            if (SkippedBy(instance) is { } why)
            {
                Skipped.Add($"{id} ({why})");
            }
            else
            {
                Change.Add(id);
            }
        }
        else if (state == change.OnTheWay)
        {
            OnTheWay.Add(id);
        }
        else if (state == change.Target)
        {
            Already.Add(id);
        }
        else if (state == change.Before)
        {
            Later.Add($"{id} is {state}");
        }
        else if (isNamed)
        {
            Impossible.Add($"{id} is {state}");
        }
    }

    /// <summary>The tag by which an instance is left alone; null when there is none.</summary>
    private string? SkippedBy(InstanceDescription instance)
    {
        foreach (var (key, value) in instance.Tags)
        {
            foreach (var (skipped, values) in settings.Skip)
            {
                if (key == skipped && NamePattern.Any(values, value))
                {
                    return $"{key}={value}";
                }
            }

            if (key == settings.SkipUntil && IsAhead(value, out var isTime))
            {
                return isTime ? $"{key}={value}" : $"{key}={value} is neither a day nor a time in UTC";
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a day or a time is not over. What cannot be read is not over: whoever wrote it wants the instance left alone.
    /// </summary>
    private bool IsAhead(string value, out bool isTime)
    {
        isTime = UtcTime.TryParseIso(value.Length == DateLength ? value + "T00:00:00Z" : value, out var until);
        const long DayMs = 24 * 3_600_000;
        return !isTime || context.NowMs < until + (value.Length == DateLength ? DayMs : 0);
    }
}
