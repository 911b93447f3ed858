using System.Text.Json;
using FastTrigger.Cli.Routes;
using FastTrigger.Patterns;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Matching;

/// <summary>What items are matched with: a route, a rule of EventBridge, or a pattern alone.</summary>
/// <param name="Pattern">Null when it has none: it takes only what its schedule sends.</param>
/// <param name="Text">The text that the pattern stands in.</param>
internal sealed record MatchTarget(string Name, ObjectNode? Pattern, byte[] Text)
{
    /// <summary>The route, which also has `from`; null for a rule or a pattern, which an item of any source is matched with.</summary>
    public Route? Route { get; init; }

    /// <summary>Why a rule takes nothing, whatever its pattern says: it is disabled, or has none. Null when it may take events.</summary>
    public string? Idle { get; init; }

    /// <summary>The ARN of a rule; empty when it is not known.</summary>
    public string Arn { get; init; } = "";

    /// <summary>Whether a rule gets no read-only calls, as its State says.</summary>
    public bool GetsNoReads { get; init; }

    /// <summary>Whether the route's auth is "none".</summary>
    public bool LetsEverybodyIn { get; init; }

    public static IReadOnlyList<MatchTarget> Of(RoutesDocument routes) =>
    [
        .. routes.Table.Routes.Select((route, i) => new MatchTarget(route.Name, route.When, routes.Text)
        {
            Route = route,
            LetsEverybodyIn = routes.Source["routes"]![i]!["auth"]?.GetValueKind() == JsonValueKind.String,
        }),
    ];
}
