using System.Text.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>
/// What an event may be found in: a message, a notification, a record of a stream. What is inside was written by whoever may write there, so events of AWS's
/// services, events for one route and played-back ones count as such only where the outermost envelope is trusted (C2.2).
/// </summary>
/// <param name="Chain">The sources so far, each with a slash behind it; empty for what Lambda itself was given.</param>
/// <param name="Id">What is acted on once by, unless something inside has an id of its own.</param>
/// <param name="Trust">Whether what the queue, topic or stream with this ARN brings is what it says it is.</param>
internal readonly record struct Envelope(string Chain, string Id, bool IsTrusted, Invocation Invocation, Func<string, bool> Trust)
{
    private const int MostNested = 5;

    private readonly int _depth;

    /// <summary>The event of an invocation, in no envelope.</summary>
    public static Envelope None(Invocation invocation, Func<string, bool> trust) => new("", invocation.RequestId, IsTrusted: true, invocation, trust);

    /// <summary>The envelope of this name inside of this one.</summary>
    public Envelope Inner(string name, string id) => new($"{Chain}{name}/", id, IsTrusted, Invocation, Trust, _depth + 1);

    private Envelope(string chain, string id, bool isTrusted, Invocation invocation, Func<string, bool> trust, int depth)
        : this(chain, id, isTrusted, invocation, trust) => _depth = depth;

    /// <summary>Adds the items that are found in there; false when nothing is recognised, and the envelope itself is the item.</summary>
    public bool TryOpen(JsonElement content, List<Item> items)
    {
        if (_depth > MostNested || content.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        return SnsSource.TryRead(content, this, items) || S3Source.TryRead(content, this, items) || TryReadEvent(content, items);
    }

    private bool TryReadEvent(JsonElement content, List<Item> items)
    {
        if (!IsTrusted)
        {
            return EventSources.ReadCustom(content, Invocation) is { } custom && Add(custom, items);
        }

        if (DestinationRecord.TryOpen(content, this, items))
        {
            return true;
        }

        var invocation = Chain.Length == 0 ? Invocation : Invocation with { RequestId = Id };
        return RouteWrapper.TryOpen(content, invocation, out var wrapped) ? Add(wrapped, items) : EventSources.ReadKnown(content, invocation) is { } known && Add(known, items);
    }

    private bool Add(Item item, List<Item> items)
    {
        item.Source = Chain.Length == 0 ? item.Source : Chain + item.Source;
        items.Add(item);
        return true;
    }
}
