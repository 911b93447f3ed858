using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger;

/// <summary>One thing that happened: what routes are matched with and actions act on. An invocation brings one, or a batch of them.</summary>
public sealed class Item
{
    private Identity? _identity;

    internal Item(string source, string id, JsonElement json)
    {
        Source = source;
        Id = id;
        Event = json;
    }

    /// <summary>The chain the item came by, such as "eventbridge", "sqs/eventbridge" or "direct".</summary>
    public string Source { get; internal set; }

    /// <summary>What it is acted on once by: the same for every delivery of the same event.</summary>
    public string Id { get; }

    /// <summary>The event's JSON. Valid until the handler or action has ended.</summary>
    public JsonElement Event { get; }

    /// <summary>How a batch names the record it came in; null outside of one.</summary>
    internal string? RecordId { get; set; }

    /// <summary>The message group of a FIFO queue, in which nothing overtakes; null where there is no order.</summary>
    internal string? Group { get; set; }

    /// <summary>The only route that this item is offered to; null when it is offered to all.</summary>
    internal string? RouteName { get; set; }

    /// <summary>What it came in: ${item.envelope...}; null for what Lambda itself was given.</summary>
    internal OpenedRecord? Envelope { get; set; }

    /// <summary>What became of it, once its routes have run.</summary>
    internal ItemEnd End { get; set; }

    /// <summary>The request behind it, when it came over HTTP.</summary>
    internal HttpEvent? Http { get; init; }

    /// <summary>Whether something was done for it together with other items of its batch.</summary>
    internal bool IsDecided { get; set; }

    /// <summary>Whether it need not come again.</summary>
    internal bool IsDone { get; set; }

    /// <summary>Who waits to be called when it has ended; null for nobody.</summary>
    internal Callback? Callback { get; init; }

    /// <summary>Whether only routes take it whose `from` names its source: because anybody may send it, or because its answer lets somebody in.</summary>
    internal bool IsNamedOnly { get; init; }

    /// <summary>Whether whoever sent it wants to know what would be done, and nothing done.</summary>
    internal bool IsDryRun { get; set; }

    /// <summary>Whether it came by playback: a dead letter or the record of an on-failure destination (C2.4).</summary>
    internal bool IsPlayback { get; set; }

    /// <summary>What is wrong with a record that brings no event; null when there is one.</summary>
    internal string? Unplayable { get; set; }

    /// <summary>What stands for everything that the event does not say: not null in a rehearsal alone.</summary>
    internal string? StandIn { get; set; }

    /// <summary>Whether time, region and account stand at the top of the event, as EventBridge writes them.</summary>
    internal bool HasEnvelope { get; init; }

    /// <summary>When it happened, milliseconds since 1970; null when the event does not say.</summary>
    internal long? TimeMs => HasEnvelope && Event.Text("time"u8) is { } text && UtcTime.TryParseIso(text, out var time) ? time : null;

    /// <summary>Where it happened; null when the event does not say.</summary>
    internal string? Region => HasEnvelope ? Event.Text("region"u8) : null;

    /// <summary>In whose account; null when the event does not say.</summary>
    internal string? Account => HasEnvelope ? Event.Text("account"u8) : null;

    /// <summary>Whether this is another delivery of the same: the same words, for the same route, by the same way.</summary>
    internal bool IsSameAs(Item other) =>
        Source == other.Source && RouteName == other.RouteName && Id == other.Id && JsonMarshal.GetRawUtf8Value(Event).SequenceEqual(JsonMarshal.GetRawUtf8Value(other.Event));

    /// <summary>Who did it, when this is a CloudTrail record.</summary>
    internal Identity Identity => _identity ??= Identity.Read(Event);
}
