using FastTrigger.Actions;
using FastTrigger.Patterns;
using FastTrigger.Routing.Auth;
using FastTrigger.Routing.Callbacks;

namespace FastTrigger.Routing;

/// <summary>One route: which items it takes, and what it does with them in which order.</summary>
/// <param name="When">The pattern; null for a route on a schedule, which takes only what is sent to it by name.</param>
/// <param name="From">The chains it takes; empty for all.</param>
internal sealed record Route(string Name, ObjectNode? When, string? Schedule, IReadOnlyList<string> From, IReadOnlyList<RouteAction> Actions)
{
    /// <summary>Whether it only says what it would do.</summary>
    public bool DryRun { get; init; }

    /// <summary>For how long after the event an action may be tried again (C5.6); null for as long as it comes again.</summary>
    public int? RetryForMs { get; init; }

    /// <summary>Who may send it HTTP requests; null for nobody.</summary>
    public RouteAuth? Auth { get; init; }

    /// <summary>What a lifecycle hook is told; null when it is nothing to this route.</summary>
    public LifecycleHook? Lifecycle { get; init; }

    /// <summary>What AWS Config is told of a resource that it takes; null for NON_COMPLIANT.</summary>
    public string? Compliance { get; init; }

    /// <summary>Whether it acts once, or refuses replays, by entries in the act-once table.</summary>
    public bool NeedsOnceTable
    {
        get
        {
            foreach (var action in Actions)
            {
                if (action.NeedsOnceTable)
                {
                    return true;
                }
            }

            return Auth is { NeedsOnceTable: true };
        }
    }

    /// <summary>The services that it calls, with the region where it is known before any event; null for the function's own.</summary>
    public IEnumerable<(string Service, string? Region)> Endpoints
    {
        get
        {
            foreach (var action in Actions)
            {
                foreach (var endpoint in action.Endpoints)
                {
                    yield return endpoint;
                }
            }

            if (Auth is { NeedsOnceTable: true })
            {
                yield return ("dynamodb", null);
            }

            if (Lifecycle is not null)
            {
                yield return ("autoscaling", null);
            }

            foreach (var source in From)
            {
                if (source is "codepipeline" or "config")
                {
                    yield return (source, null);
                }
            }
        }
    }

    /// <summary>What could be wrong with it although it is no mistake; null when nothing is.</summary>
    public string? Warning => RetryForMs is null && Actions.Count > 0 && NeedsNewInstance
        ? $"route '{Name}' runs a command on an instance that its event names: the agent of one that was just launched is often later than Lambda's retries, which end after three minutes. \"retryFor\": \"15m\" says that it comes again for longer, by a queue between the rule and the function"
        : null;

    private bool NeedsNewInstance
    {
        get
        {
            foreach (var action in Actions)
            {
                if (action.NeedsNewInstance)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public bool Takes(Item item) => WhyNot(item, explain: false) is null;

    /// <summary>Null when the route takes the item; else why not, naming fields but never their values.</summary>
    public string? WhyNot(Item item, bool explain = true)
    {
        if (item.RouteName is not null && item.RouteName != Name)
        {
            return "sent to another route";
        }

        if (From.Count > 0 ? !Contains(From, item.Source) : item.IsNamedOnly)
        {
            return "from";
        }

        if (When is null)
        {
            return item.RouteName is null ? "schedule" : null;
        }

        return When.Matches(item.Event) ? null : explain ? When.FirstMismatch(item.Event, "") : "";
    }

    private static bool Contains(IReadOnlyList<string> list, string value)
    {
        foreach (var entry in list)
        {
            if (entry == value)
            {
                return true;
            }
        }

        return false;
    }
}
