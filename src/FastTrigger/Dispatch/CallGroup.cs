using FastTrigger.Actions;

namespace FastTrigger.Dispatch;

/// <summary>One item's share of a call.</summary>
internal readonly record struct CallMember(ItemResult Item, RouteResult Route, BatchableCall Call);

/// <summary>Calls that one call can make.</summary>
internal sealed class CallGroup
{
    private readonly HashSet<string> _targets = [];
    private int _count;

    public CallGroup(ItemResult item, RouteResult route, BatchableCall call) => Add(item, route, call);

    public List<CallMember> Members { get; } = [];

    /// <summary>False when the call has no room for its targets, or may not have one of them twice.</summary>
    public bool TryAdd(ItemResult item, RouteResult route, BatchableCall call)
    {
        if (_count + call.Targets.Count > call.MaxTargets || (!call.MayOverlap && _targets.Overlaps(call.Targets)))
        {
            return false;
        }

        Add(item, route, call);
        return true;
    }

    private void Add(ItemResult item, RouteResult route, BatchableCall call)
    {
        Members.Add(new(item, route, call));
        _targets.UnionWith(call.Targets);
        _count += call.Targets.Count;
    }
}
