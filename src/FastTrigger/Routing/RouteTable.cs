using FastTrigger.Actions;

namespace FastTrigger.Routing;

/// <summary>All of routes.json, ready to be used by any number of loops: nothing in it changes.</summary>
internal sealed record RouteTable(IReadOnlyList<Route> Routes, Allow Allow, bool UnmatchedIsError)
{
    /// <summary>ARNs of queues, in which * stands for anything, that bring what they say they bring (C2.2).</summary>
    public IReadOnlyList<string> Trust { get; init; } = [];

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
}
