using System.Text.Json.Nodes;
using FastTrigger.Actions;
using FastTrigger.Events;
using FastTrigger.Json;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Routes;

/// <summary>An item that no route takes, with the reason of each route.</summary>
internal sealed record UnmatchedItem(string Source, string? RecordId, IReadOnlyList<Mismatch> Reasons)
{
    /// <summary>The items of a delivery that no route takes; none when it is not JSON.</summary>
    public static IReadOnlyList<UnmatchedItem> Find(RoutesDocument routes, byte[] payload)
    {
        using var document = EventJson.Parse(payload, out _);
        if (document is null)
        {
            return [];
        }

        var delivery = EventSources.Open(document.RootElement, "local", arn => NamePattern.Any(routes.Table.Trust, arn));
        return
        [
            .. delivery.Items
                .Where(item => item.Unplayable is null)
                .Select(item => new UnmatchedItem(item.Source, item.RecordId, Mismatch.Find(routes.Table, routes.Source, item)))
                .Where(item => item.Reasons.Count > 0),
        ];
    }

    public JsonObject ToJson() => new()
    {
        ["source"] = Source,
        ["record"] = RecordId,
        ["reasons"] = new JsonArray([.. Reasons.Select(JsonNode (reason) => reason.ToJson())]),
    };
}
