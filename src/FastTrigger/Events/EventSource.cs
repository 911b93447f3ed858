using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Events;

/// <summary>
/// A way in which events arrive. A source says everything about itself here and nowhere else: its name and shape, its items and their ids,
/// its answer, who waits to be called, its sample events. What only the developer's tool asks for is trimmed from the function.
/// </summary>
internal abstract class EventSource
{
    /// <summary>The name that `from` uses.</summary>
    public abstract string Name { get; }

    /// <summary>How what was not done is delivered again.</summary>
    public virtual BatchForm Form => BatchForm.Together;

    /// <summary>When each delivery of one event brings the same id.</summary>
    public virtual IdLasts IdLasts => IdLasts.Always;

    /// <summary>What the id is made of, for docs/events.md and for whoever must choose another with `once.by`.</summary>
    public abstract string IdText { get; }

    /// <summary>Who may wait to be called with the outcome of its items.</summary>
    public virtual IReadOnlyList<CallbackKind> Callbacks => [];

    /// <summary>Whether routes must say who may send to them.</summary>
    public virtual bool NeedsAuth => false;

    /// <summary>Whether its records may carry events of other sources.</summary>
    public virtual bool IsEnvelope => false;

    /// <summary>The sample events, the first of them named after the source.</summary>
    public abstract IReadOnlyList<EventSample> Samples { get; }

    /// <summary>What is answered, for docs/events.md.</summary>
    public virtual string AnswerText => Form switch
    {
        BatchForm.Messages => "`batchItemFailures`: each message that was not done",
        BatchForm.Stream => "`batchItemFailures`: the first record that was not done",
        BatchForm.Partitions => "`batchItemFailures`: the first of each partition that was not done",
        BatchForm.Whole => "an error when any record was not done",
        _ => "an error when anything was not done",
    };

    /// <summary>
    /// Adds the items; false, with nothing added, when the event does not belong to this source. Never throws: any JSON may come.
    /// </summary>
    public abstract bool TryRead(JsonElement content, in Envelope outer, List<Item> items);

    /// <summary>How this delivery answers: as <see cref="Form"/> says, unless its records differ.</summary>
    public virtual BatchForm FormOf(IReadOnlyList<Item> items) => Form;

    /// <summary>Writes what the source expects; false when any answer will do.</summary>
    /// <param name="requestId">The invocation's, by which its log lines are found.</param>
    public virtual bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId) =>
        // A caller that waits for the answer to one item gets the answer of a C# handler unchanged.
        Form is BatchForm.Together or BatchForm.Answered
            && items is [{ IsDone: true, Given: { } given }]
            && answer.Append(given).Length > 0;

    /// <summary>
    /// Whether an item that no route takes is an error, whatever `unmatched` says: its sender would take silence for consent.
    /// </summary>
    public virtual bool UnmatchedIsError => false;

    /// <summary>Whether its answer lets somebody in: then what a dry run only says is not done.</summary>
    public virtual bool LetsIn => false;

    /// <summary>The error's message for whoever sees it outside of the log.</summary>
    public virtual string RedactError(string message, string requestId) => message;
}

/// <summary>A realistic event. Its JSON is a file of the developer's tool with the same name.</summary>
/// <param name="Name">The chain of sources, with a form behind a hyphen.</param>
internal readonly record struct EventSample(string Name, string What)
{
    /// <summary>What is answered, where it differs from the rest of the source.</summary>
    public string? Answer { get; init; }
}
