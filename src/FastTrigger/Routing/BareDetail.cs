using System.Text.Json;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Patterns;

namespace FastTrigger.Routing;

/// <summary>
/// The hint that an event is only the `detail` of an event of EventBridge. A rule's target sends that with an InputPath of $.detail
/// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html), and no route that names a source takes it. Only an
/// item that no route takes is asked about, so it costs nothing where a route matches.
/// </summary>
internal static class BareDetail
{
    /// <summary>Names the first route whose `detail` has only fields of this event; null when there is none.</summary>
    public static string? Hint(IReadOnlyList<Route> routes, Item item)
    {
        if (!IsBare(item))
        {
            return null;
        }

        foreach (var route in routes)
        {
            if (Wants(route.When, item.Event))
            {
                return $"it has the fields that route '{route.Name}' wants in 'detail', and nothing around them: "
                    + "if a rule of EventBridge sends it, remove InputPath from the rule's target";
            }
        }

        return null;
    }

    /// <summary>Whether this item may be the `detail` that a pattern wants.</summary>
    public static bool IsMeant(ObjectNode? pattern, Item item) => IsBare(item) && Wants(pattern, item.Event);

    private static bool IsBare(Item item) =>
        item.Source == DirectSource.Direct
            && !Has(item.Event, "source"u8)
            && !Has(item.Event, "detail-type"u8)
            && !Has(item.Event, "detail"u8);

    private static bool Wants(ObjectNode? pattern, JsonElement json) =>
        pattern?.Find("detail") is ObjectNode detail && HasFields(json, detail);

    private static bool HasFields(JsonElement json, ObjectNode detail)
    {
        var any = false;
        foreach (ref readonly var field in detail.Fields)
        {
            if (!field.Node.HoldsWhenAbsent && !Has(json, field.Utf8))
            {
                return false;
            }

            any |= !field.Node.HoldsWhenAbsent;
        }

        return any;
    }

    private static bool Has(JsonElement json, ReadOnlySpan<byte> name) =>
        json.Get(name).ValueKind != JsonValueKind.Undefined;
}
