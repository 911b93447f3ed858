using System.Text.Json;
using FastTrigger.Actions;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Routing;
using FastTrigger.Runtime;

namespace FastTrigger.Dispatch;

/// <summary>What came, from which source, and which of its items are the same event.</summary>
internal sealed class RecogniseStep(RouteTable table, Settings settings)
{
    private const int MinMarginMs = 200;

    /// <summary>Used again for the next delivery.</summary>
    private readonly List<Item> _items = new(1);

    private readonly Func<string, bool> _trust = arn => NamePattern.Any(table.Trust, arn) || NamePattern.Any(settings.Trust, arn);

    /// <summary>Lets go of the delivery's items: they keep its document, and two large ones do not fit into the heap.</summary>
    public void Clear() => _items.Clear();

    public DeliveryWork Run(Invocation invocation, JsonElement root, long startedMs)
    {
        var delivery = EventSources.Open(root, invocation.RequestId, _trust, _items);
        var items = new ItemResult[delivery.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new(delivery.Items[i]);
        }

        if (items.Length > 1)
        {
            FindSame(items);
        }

        var left = Math.Max(invocation.DeadlineMs - settings.Clock.UnixMs, 0);
        return new()
        {
            Invocation = invocation,
            Delivery = delivery,
            Items = items,
            // The failure of what is not done in time must still be reported in time.
            End = Deadline.In(settings.Clock, left - Math.Max(MinMarginMs, left / 20)),
            StartedMs = startedMs,
        };
    }

    /// <summary>The same event twice in one delivery is one event; another one that only has its id is not (C3.3).</summary>
    private static void FindSame(ItemResult[] items)
    {
        var firsts = new Dictionary<int, List<ItemResult>>(items.Length);
        foreach (var item in items)
        {
            if (!firsts.TryGetValue(item.Item.ContentHash, out var alike))
            {
                firsts[item.Item.ContentHash] = [item];
                continue;
            }

            item.SameAs = alike.Find(first => first.Item.IsSameAs(item.Item));
            if (item.SameAs is null)
            {
                alike.Add(item);
            }
        }
    }
}
