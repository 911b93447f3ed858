namespace FastTrigger.Dispatch;

/// <summary>
/// Makes one call of those of a batch that differ only in their targets: the same command for other servers, the same tags for other
/// resources. Only where no order is to be kept, and for routes with one action. A call that AWS refuses because of one target is halved
/// until that one is alone, and then does what it would have done without the others.
/// </summary>
internal sealed class GroupStep(ContextFactory contexts)
{
    public void Run(DeliveryWork work)
    {
        if (work.Items.Length < 2)
        {
            return;
        }

        var open = new Dictionary<string, CallGroup>();
        var groups = new List<CallGroup>();
        foreach (var item in work.Items)
        {
            if (item.Item.Group is null && item.Error is null && item.SameAs is null)
            {
                foreach (var route in item.Routes)
                {
                    Add(work, item, route, open, groups);
                }
            }
        }

        foreach (var group in groups)
        {
            Call(group.Members);
        }
    }

    private void Add(
        DeliveryWork work,
        ItemResult item,
        RouteResult route,
        Dictionary<string, CallGroup> open,
        List<CallGroup> groups)
    {
        // A hook is called for one instance; a second action wants to know the outcome of the first.
        if (item.Error is not null || route.Route is not { Actions: [{ CanBatch: true } action], Lifecycle: null })
        {
            return;
        }

        try
        {
            var context = contexts.For(work, item.Item, route.Route, 0, work.End, action.Operations);
            if (context.DryRun || context.Deadline.HasPassed || action.Prepare(context) is not { } call)
            {
                return;
            }

            // What was found out for it need not be asked again when it stays alone.
            route.Prepared = call;
            var key = $"{route.Route.Name}\0{call.Key}";
            if (!open.TryGetValue(key, out var group) || !group.TryAdd(item, route, call))
            {
                open[key] = group = new(item, route, call);
                groups.Add(group);
            }
        }
        // The fence: a bug in preparing one record is the failure of that record.
        catch (Exception e)
        {
            item.Fault("grouping", e);
        }
    }

    private static void Call(List<CallMember> members)
    {
        if (members.Count == 1)
        {
            return;
        }

        var targets = new HashSet<string>();
        foreach (var member in members)
        {
            targets.UnionWith(member.Call.Targets);
        }

        ActionResult result;
        try
        {
            result = members[0].Call.Call(new List<string>(targets));
        }
        // The fence: what a call for several records threw cannot be told apart, and the calls for the other groups continue.
        catch (Exception e)
        {
            members.ForEach(member => member.Item.Fault("calling AWS for", e));
            return;
        }

        if (result is { Outcome: Outcome.Retry or Outcome.Failed, BlamesTarget: true, MayHaveRun: false })
        {
            Call(members[..(members.Count / 2)]);
            Call(members[(members.Count / 2)..]);
            return;
        }

        foreach (var member in members)
        {
            member.Route.AddBatched(result.Adding($"; one call for {members.Count} events"));
        }
    }
}
