using System.Numerics;
using FastTrigger.Patterns;

namespace FastTrigger.Routing;

/// <summary>
/// Asks the routes of a table whether they take an item: all of them where they are few, else those that the index finds. What it needs is
/// kept for the next item. One serves one thread.
/// </summary>
internal sealed class RouteSearch(RouteTable table)
{
    private readonly LeafTexts _texts = new();

    /// <summary>The routes that can take the item and have not been asked, a bit for each; empty where all are asked.</summary>
    private readonly ulong[] _candidates = new ulong[table.Index?.Words ?? 0];

    private Item? _item;
    private bool _isIndexed;
    private int _next;

    public void Begin(Item item)
    {
        _item = item;
        _next = 0;
        _isIndexed = table.Index is not null && item.RouteName is null;
        if (_isIndexed && table.Index!.IsDeep)
        {
            // It looks inside fields, where names may have dots.
            _ = item.Nested;
        }

        _texts.Begin(item.Matched);
        if (_isIndexed)
        {
            table.Index!.Find(item.Matched, _texts, _candidates);
        }
    }

    /// <summary>Asks the next route, in their order. The routes that it leaves out do not take the item.</summary>
    /// <param name="route">Its number.</param>
    /// <param name="whyNot">Null when it takes the item; else as <see cref="Route.WhyNot(Item)"/> says.</param>
    /// <returns>False when there is none.</returns>
    public bool Next(out int route, out string? whyNot)
    {
        route = _isIndexed ? NextCandidate() : _next++;
        if (route >= table.Routes.Count)
        {
            whyNot = null;
            return false;
        }

        whyNot = table.Routes[route].WhyNot(_item!, _texts);
        return true;
    }

    /// <summary>Lets go of the item. Two large events may not fit into the heap, so nothing may keep this one.</summary>
    public void End()
    {
        _item = null;
        _texts.Begin(default);
    }

    /// <summary>Why a route does not take the item, before any is asked, when it will be left out.</summary>
    public string? WhyLeftOut(int route) => _isIndexed ? table.Routes[route].WhyElsewhere(_item!) ?? table.Index!.WhyNot(route) : null;

    private int NextCandidate()
    {
        for (; _next < _candidates.Length; _next++)
        {
            ref var bits = ref _candidates[_next];
            if (bits != 0)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                bits &= bits - 1;
                return (_next << 6) + bit;
            }
        }

        return int.MaxValue;
    }
}
