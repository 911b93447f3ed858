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

    private Envelope(in Envelope outer, string name, string id, JsonElement record)
        : this($"{outer.Chain}{name}/", id, outer.IsTrusted, outer.Invocation, outer.Trust)
    {
        _depth = outer._depth + 1;
        Opened = new(record, outer.Opened);
    }

    /// <summary>The record that this is, in the one that it was in; null at the top.</summary>
    public OpenedRecord? Opened { get; init; }

    /// <summary>Whether this is what Lambda itself was given: the contracts of services that wait for an answer hold nowhere else (C2.2).</summary>
    public bool IsTop => Chain.Length == 0 && Opened is null;

    /// <summary>The envelope of this name inside of this one.</summary>
    public Envelope Inner(string name, string id, JsonElement record) => new(this, name, id, record);

    /// <summary>Adds the items that are found in there; false when nothing is recognised, and the envelope itself is the item.</summary>
    public bool TryOpen(JsonElement content, List<Item> items)
    {
        if (_depth > MostNested || content.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var source in EventSources.Inner)
        {
            if (source.TryRead(content, this, items))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds what was found in here, by the way that it came.</summary>
    public bool Add(Item item, List<Item> items)
    {
        item.Source = Chain.Length == 0 ? item.Source : Chain + item.Source;
        item.Envelope = Opened;
        items.Add(item);
        return true;
    }
}

/// <summary>The JSON of an envelope, and of the one around it: ${item.envelope...} and ${item.envelope.envelope...}.</summary>
internal sealed record OpenedRecord(JsonElement Json, OpenedRecord? Outer);
