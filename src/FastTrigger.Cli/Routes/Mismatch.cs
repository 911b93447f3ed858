using System.Text.Json.Nodes;
using FastTrigger.Routing;

namespace FastTrigger.Cli.Routes;

/// <summary>Why a route does not take an item.</summary>
/// <param name="Field">
/// The path of the first field that did not match, in the element that came nearest; empty when it is not about a field.
/// </param>
/// <param name="Wants">What the pattern has there, as JSON.</param>
/// <param name="Has">What the event has there, as JSON; null for nothing.</param>
/// <param name="Hint">What could be meant; empty when nothing is near.</param>
internal sealed record Mismatch(string Route, string Field, string Wants, string? Has, string Hint)
{
    private const int MaxShown = 120;

    public override string ToString()
    {
        var field = Field.Length == 0 ? Wants
            : $"{Field} wants {Shorten(Wants)}, and the event has {(Has is null ? "nothing there" : Shorten(Has))}";
        return $"route '{Route}': {field}{(Hint.Length > 0 ? $"; {Hint}" : "")}";
    }

    /// <summary>The reasons of all routes, in their order; none when a route takes the item.</summary>
    public static IReadOnlyList<Mismatch> Find(RouteTable table, JsonNode source, Item item)
    {
        var found = new List<Mismatch>();
        for (var i = 0; i < table.Routes.Count; i++)
        {
            if (table.Routes[i].WhyNot(item) is null)
            {
                return [];
            }

            found.Add(Of(table.Routes[i], source["routes"]![i]!["when"] as JsonObject, item));
        }

        return found;
    }

    public JsonObject ToJson() => new()
    {
        ["route"] = Route,
        ["field"] = Field,
        ["wants"] = Wants,
        ["has"] = Has,
        ["hint"] = Hint,
    };

    private static Mismatch Of(Route route, JsonObject? when, Item item)
    {
        Mismatch Because(string reason) => new(route.Name, "", reason, null, "");
        return route.WhyNot(item) switch
        {
            "sent to another route" => Because($"the event was sent to route '{item.RouteName}'"),
            "from" when route.From.Count > 0 =>
                Because($"it takes events from {string.Join(", ", route.From)}, and this one is from {item.Source}"),
            "from" => Because($"it has no \"from\", and events from {item.Source} are taken only by routes that name it"),
            "schedule" => new(route.Name, "", "it takes only what its schedule sends", null, ScheduleHint(route.Name)),
            var field => OfField(route.Name, field!, when!, item),
        };
    }

    private static string ScheduleHint(string route) =>
        $"fasttrigger events scheduler --variant route --set fasttrigger-route={route} prints that";

    private static Mismatch OfField(string route, string field, JsonObject when, Item item)
    {
        var place = MismatchedField.Find(field, when, item.Nested ?? item.Event);
        return new(route, place.Path, place.Wants, place.Has, place.Hint());
    }

    private static string Shorten(string json) => json.Length <= MaxShown ? json : json[..MaxShown] + "...";
}
