using FastTrigger.Actions;

namespace FastTrigger.Routing;

/// <summary>All of routes.json, ready to be used by any number of loops: nothing in it changes.</summary>
internal sealed record RouteTable(IReadOnlyList<Route> Routes, Allow Allow, bool UnmatchedIsError);
