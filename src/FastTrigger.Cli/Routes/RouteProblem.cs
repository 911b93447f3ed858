namespace FastTrigger.Cli.Routes;

/// <summary>Why a route, or all of them together, cannot be deployed.</summary>
/// <param name="Route">The name of the route; null for all of them.</param>
/// <param name="Part">The key of the route that has to change, such as "when".</param>
/// <param name="Action">The index of the action in `do` that has to change; null when it is no action.</param>
internal readonly record struct RouteProblem(string? Route, string Part, string Message, int? Action = null);
