using FastTrigger.Actions;

namespace FastTrigger.Routing;

/// <summary>
/// Makes one call of those of a batch that differ only in whom they befall: the same command for other servers, the same tags for other resources. Only where no order is to be kept, and for routes
/// with one action. A call that fails because of one member is halved until that one is alone, and then does what it would have done without the others.
/// </summary>
internal sealed class Coalescer
{
    private readonly Dictionary<(string Route, Item Item), ActionResult> _results = [];
    private readonly Dictionary<(string Route, Item Item), ShareableCall> _alone = [];

    /// <summary>Null when nothing could be done together.</summary>
    /// <param name="context">What an action works with for an item.</param>
    public static Coalescer? Run(IReadOnlyList<Item> items, IReadOnlyList<Route> routes, Func<Route, Item, ActionContext> context)
    {
        Coalescer? coalescer = null;
        foreach (var route in routes)
        {
            // A hook is told for one instance; what has a second action wants to know how the first one went.
            if (route is { Actions: [{ CanShare: true } action], Lifecycle: null })
            {
                foreach (var group in Groups(route, action, items, context))
                {
                    coalescer ??= new();
                    coalescer.Call(route, group);
                }
            }
        }

        return coalescer;
    }

    /// <summary>What is ready to be done for the item alone; null when it was done, or was not prepared.</summary>
    public ShareableCall? Prepared(Route route, Item item) => _alone.GetValueOrDefault((route.Name, item));

    /// <summary>What came of the route's action for the item, when it was done together with others.</summary>
    public ActionResult? Find(Route route, Item item) => _results.TryGetValue((route.Name, item), out var result) ? result : null;

    private static List<List<(Item Item, ShareableCall Call)>> Groups(Route route, RouteAction action, IReadOnlyList<Item> items, Func<Route, Item, ActionContext> context)
    {
        var open = new Dictionary<string, List<(Item Item, ShareableCall Call)>>();
        var groups = new List<List<(Item Item, ShareableCall Call)>>();
        var seen = new Dictionary<string, Item>();
        foreach (var item in items)
        {
            if (item.Group is not null || item.Unplayable is not null || !route.Takes(item) || (!seen.TryAdd(item.Id, item) && seen[item.Id].IsSameAs(item)))
            {
                continue;
            }

            var work = context(route, item);
            if (work.DryRun || work.Deadline.HasPassed || action.Prepare(work) is not { } call)
            {
                continue;
            }

            if (!open.TryGetValue(call.Key, out var group) || !Fits(group, call))
            {
                open[call.Key] = group = [];
                groups.Add(group);
            }

            group.Add((item, call));
        }

        return groups;
    }

    private static bool Fits(List<(Item Item, ShareableCall Call)> group, ShareableCall call)
    {
        var count = call.Members.Count;
        foreach (var (_, other) in group)
        {
            count += other.Members.Count;
            foreach (var member in other.Members)
            {
                if (!call.MayOverlap && call.Members.Contains(member))
                {
                    return false;
                }
            }
        }

        return count <= call.Most;
    }

    private void Call(Route route, List<(Item Item, ShareableCall Call)> group)
    {
        // What was found out for it need not be asked again.
        if (group is [var (only, alone)])
        {
            _alone[(route.Name, only)] = alone;
            return;
        }

        var members = new List<string>();
        foreach (var (_, call) in group)
        {
            foreach (var member in call.Members)
            {
                if (!members.Contains(member))
                {
                    members.Add(member);
                }
            }
        }

        var result = group[0].Call.Call(members);
        if (result.Outcome is Outcome.Retry or Outcome.Failed && result is { MayHaveRun: false, IsThrottled: false, TimeIsUp: false, CredentialsExpired: false })
        {
            Call(route, group[..(group.Count / 2)]);
            Call(route, group[(group.Count / 2)..]);
            return;
        }

        foreach (var (item, _) in group)
        {
            item.IsDecided = true;
            _results[(route.Name, item)] = result.Adding($"; one call for {group.Count} events");
        }
    }
}
