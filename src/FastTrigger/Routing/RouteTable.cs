using FastTrigger.Actions;
using FastTrigger.Patterns;

namespace FastTrigger.Routing;

/// <summary>All of routes.json, ready to be used by any number of loops: nothing in it changes.</summary>
internal sealed record RouteTable(IReadOnlyList<Route> Routes, Allow Allow, bool UnmatchedIsError)
{
    /// <summary>ARNs of trusted queues, topics and streams (C2.2). * stands for any characters.</summary>
    public IReadOnlyList<string> Trust { get; init; } = [];

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Route> Routes
    {
        get;
        init => (field, Index) = (value, IndexOf(value));
    } = Routes;

    /// <summary>Which routes can take an event; null where there are so few that each is asked.</summary>
    public PatternIndex? Index { get; private init; } = IndexOf(Routes);

    /// <summary>Whether some value comes from Parameter Store.</summary>
    public bool ReadsParameters { get; init; }

    /// <summary>Whether a route acts once by an entry in a table, and the first that does.</summary>
    public bool NeedsOnceTable(out string route)
    {
        foreach (var candidate in Routes)
        {
            if (candidate.NeedsOnceTable)
            {
                route = candidate.Name;
                return true;
            }
        }

        route = "";
        return false;
    }

    public bool Has(string name)
    {
        foreach (var route in Routes)
        {
            if (route.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private static PatternIndex? IndexOf(IReadOnlyList<Route> routes)
    {
        if (routes.Count < PatternIndex.MinPatterns)
        {
            return null;
        }

        var patterns = new ObjectNode?[routes.Count];
        for (var i = 0; i < patterns.Length; i++)
        {
            patterns[i] = routes[i].When;
        }

        return new(patterns);
    }
}
