using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Matching;

/// <summary>One item of an event, and what each route makes of it.</summary>
/// <param name="RecordId">The record of a batch that it came in; null where that has no id.</param>
/// <param name="Hint">What could be meant, whatever the route; empty when nothing is near.</param>
internal sealed record ItemMatch(string Source, string? RecordId, string Hint, IReadOnlyList<RouteMatch> Routes)
{
    /// <summary>Whether the function refuses it before it is matched.</summary>
    public bool IsRefused { get; init; }

    /// <summary>Of an element of a list of events, as in [1]; else empty.</summary>
    public string Place { get; init; } = "";

    public bool IsTaken => Routes.Any(route => route.Matches);

    /// <summary>The route of whose pattern most matches; null when nothing of any pattern does.</summary>
    public RouteMatch? Nearest => Routes.Where(route => route.Distance < 1).MinBy(route => route.Distance);

    /// <summary>What messages call it.</summary>
    public string Title => RecordId is null ? Source : $"{Source} {ShownJson.Name(RecordId)}";

    public JsonObject ToJson() => new()
    {
        ["source"] = Source,
        ["record"] = RecordId ?? (Place.Length > 0 ? Place : null),
        ["taken"] = IsTaken,
        ["hint"] = Hint,
        ["routes"] = new JsonArray([.. Routes.Select(JsonNode (route) => route.ToJson())]),
    };
}
