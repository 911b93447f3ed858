using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;

namespace FastTrigger;

/// <summary>
/// One thing that happened: routes are matched with it and actions act on it. An invocation brings one, or a batch of them.
/// </summary>
public sealed class Item
{
    private Identity? _identity;
    private JsonElement? _nested;
    private bool _isNested;

    internal Item(in Envelope from, string source, ItemId id, JsonElement json)
    {
        Source = from.Chain.Length == 0 ? source : from.Chain + source;
        Id = id.Value;
        HasLastingId = id.Lasts;
        Event = json;
        RecordId = from.RecordId;
        Group = from.Group;
        RouteName = from.RouteName;
        Envelope = from.Opened;
        IsPlayback = from.IsPlayback;
        IsDryRun = from.IsDryRun;
    }

    /// <summary>The chain of sources that it came through, such as "eventbridge", "sqs/eventbridge" or "direct".</summary>
    public string Source { get; }

    /// <summary>The idempotency key: the same for every delivery of the same event, where the source has such an id.</summary>
    public string Id { get; }

    /// <summary>The event's JSON. Valid until the handler or action has ended.</summary>
    public JsonElement Event { get; }

    /// <summary>The event with an object for each dot in a name, as EventBridge sees it; null when no name has one.</summary>
    internal JsonElement? Nested
    {
        get
        {
            if (!_isNested)
            {
                (_isNested, _nested) = (true, DottedNames.Nest(Event)?.RootElement);
            }

            return _nested;
        }
    }

    /// <summary>Whether <see cref="Nested"/> has been looked for.</summary>
    internal bool IsNested => _isNested;

    /// <summary>What its pattern is matched with: <see cref="Nested"/> where that has been found, else the event.</summary>
    internal JsonElement Matched => _nested ?? Event;

    /// <summary>Whether every delivery of the same event brings the same <see cref="Id"/>.</summary>
    internal bool HasLastingId { get; }

    /// <summary>The record that a partial answer names it by; null where there is no such answer.</summary>
    internal string? RecordId { get; }

    /// <summary>Items of one group are processed in order: a message group, a shard, a partition. Null where there is no order.</summary>
    internal string? Group { get; }

    /// <summary>The only route that this item is offered to; null when it is offered to all.</summary>
    internal string? RouteName { get; }

    /// <summary>What it came in: ${item.envelope...}; null for what Lambda itself was given.</summary>
    internal OpenedRecord? Envelope { get; }

    /// <summary>Whether it came by playback: a dead letter or the record of an on-failure destination (C2.4).</summary>
    internal bool IsPlayback { get; }

    /// <summary>Whether its sender asks what would be done, and wants nothing done.</summary>
    internal bool IsDryRun { get; }

    /// <summary>The request behind it, when it came over HTTP.</summary>
    internal HttpEvent? Http { get; init; }

    /// <summary>Who waits to be called with its outcome; null for nobody.</summary>
    internal Callback? Callback { get; init; }

    /// <summary>The field that has what the record carries, as JSON or as text; null where there is no such field.</summary>
    internal string? DataField { get; init; }

    /// <summary>Whether only routes take it whose `from` names its source: anybody may send it, or its answer lets somebody in.</summary>
    internal bool IsNamedOnly { get; init; }

    /// <summary>Why nothing may be done with it; null when something may.</summary>
    internal string? Unplayable { get; init; }

    /// <summary>Whether time, region and account stand at the top of the event, as EventBridge writes them.</summary>
    internal bool HasEventBridgeFields { get; init; }

    /// <summary>When it happened, milliseconds since 1970; null when the event does not say.</summary>
    internal long? TimeMs => (HasEventBridgeFields ? Event.Text("time"u8) : Callback?.Request.Text("Time"u8)) is { } text
        && UtcTime.TryParseIso(text, out var time) ? time : null;

    /// <summary>Where it happened; null when the event does not say.</summary>
    internal string? Region => HasEventBridgeFields ? Event.Text("region"u8) : null;

    /// <summary>In whose account; null when the event does not say.</summary>
    internal string? Account => HasEventBridgeFields ? Event.Text("account"u8)
        : Callback is { Kind: CallbackKind.Lifecycle } hook ? hook.Request.Text("AccountId"u8)
        : null;

    /// <summary>Whether this is another delivery of the same event: the same text, for the same route, through the same sources.</summary>
    internal bool IsSameAs(Item other) =>
        Source == other.Source && RouteName == other.RouteName && Id == other.Id && Text.SequenceEqual(other.Text);

    /// <summary>Equal for equal items.</summary>
    internal int ContentHash
    {
        get
        {
            var hash = default(HashCode);
            hash.AddBytes(Text);
            hash.Add(Id);
            return hash.ToHashCode();
        }
    }

    /// <summary>The bytes of its JSON.</summary>
    internal int Size => Text.Length;

    /// <summary>Who did it, when this is a CloudTrail record.</summary>
    internal Identity Identity => _identity ??= Identity.Read(Event);

    private ReadOnlySpan<byte> Text => JsonMarshal.GetRawUtf8Value(Event);
}
