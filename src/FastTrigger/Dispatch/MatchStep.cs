using System.Text;
using FastTrigger.Routing;
using FastTrigger.Routing.Auth;

namespace FastTrigger.Dispatch;

/// <summary>Which routes take an item: each item is matched once.</summary>
internal sealed class MatchStep(RouteTable table) : ItemStep("matching")
{
    private const int MaxExplained = 20;

    /// <summary>Why each of the first routes did not take the delivery's first item.</summary>
    private readonly string?[] _reasons = new string?[Math.Min(table.Routes.Count, MaxExplained)];

    private readonly RouteSearch _search = new(table);

    private readonly string?[] _said = new string?[Math.Min(table.Routes.Count, MaxExplained)];
    private string _text = "";

    /// <summary>
    /// For each route the first thing of the delivery's first item that did not match: names of fields, which are the route's own, never
    /// what the event has in them. Null when it was not matched with all of them, or one took it.
    /// </summary>
    /// <param name="first">The first item; null when the delivery brought none.</param>
    public string? Explain(ItemResult? first)
    {
        var isRefused = first is not null && first.Refusal != AuthDecision.Allowed;
        if (first is null || (!isRefused && Array.IndexOf(_reasons, null) >= 0))
        {
            return null;
        }

        // A route that matched, and has not acted, did not let the sender in.
        for (var i = 0; i < _reasons.Length; i++)
        {
            _reasons[i] ??= "auth";
        }

        // Events of one kind are refused for one reason.
        if (!_reasons.AsSpan().SequenceEqual(_said))
        {
            var text = new StringBuilder();
            for (var i = 0; i < _reasons.Length; i++)
            {
                text.Append(i > 0 ? ", " : "").Append(table.Routes[i].Name).Append(": ").Append(_reasons[i]);
            }

            _reasons.CopyTo(_said, 0);
            _text = text.ToString();
        }

        return _text;
    }

    /// <summary>What could be meant by an item that no route takes; null when nothing is known.</summary>
    public string? Hint(ItemResult item) => BareDetail.Hint(table.Routes, item.Item);

    protected override void Do(DeliveryWork work, ItemResult item)
    {
        var isFirst = item == work.Items[0];
        if (isFirst)
        {
            Array.Clear(_reasons);
        }

        if (item.SameAs is not null || item.Item.Unplayable is not null)
        {
            return;
        }

        item.IsRouteKnown = item.Item.RouteName is not { } named || table.Has(named);
        try
        {
            _search.Begin(item.Item);
            Ask(item, isFirst);
        }
        finally
        {
            _search.End();
        }
    }

    private void Ask(ItemResult item, bool isFirst)
    {
        for (var i = 0; isFirst && i < _reasons.Length; i++)
        {
            _reasons[i] = _search.WhyLeftOut(i);
        }

        while (_search.Next(out var route, out var whyNot))
        {
            if (whyNot is null)
            {
                item.Take(table.Routes[route]);
            }

            if (isFirst && route < _reasons.Length)
            {
                _reasons[route] = whyNot;
            }
        }
    }
}
