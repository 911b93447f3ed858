using System.Text;
using FastTrigger.Core;
using FastTrigger.Routing;

namespace FastTrigger.Dispatch;

/// <summary>Which routes take an item: each item is matched once.</summary>
internal sealed class MatchStep(RouteTable table) : ItemStep("matching")
{
    private const int MaxExplained = 20;

    private readonly ByteBuffer _why = new(256);
    private string _whyText = "";

    /// <summary>
    /// For each route the first thing that did not match: names of fields, which are the route's own, never what the event has in them.
    /// </summary>
    public string Explain(Item item)
    {
        _why.Clear();
        for (var i = 0; i < table.Routes.Count && i < MaxExplained; i++)
        {
            var route = table.Routes[i];
            _why.Append(i > 0 ? ", "u8 : ""u8).Append(route.Name).Append(": "u8).Append(route.WhyNot(item) ?? "");
        }

        // Events of one kind are refused for one reason.
        return Ascii.Equals(_why.Span, _whyText) ? _whyText : _whyText = _why.ToString();
    }

    protected override void Do(DeliveryWork work, ItemResult item)
    {
        if (item.SameAs is not null || item.Item.Unplayable is not null)
        {
            return;
        }

        item.IsRouteKnown = item.Item.RouteName is null;
        foreach (var route in table.Routes)
        {
            item.IsRouteKnown |= route.Name == item.Item.RouteName;
            if (route.Takes(item.Item))
            {
                item.Take(route);
            }
        }
    }
}
