using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>A way in which events arrive: recognises its shape, makes items of it, and knows what is answered.</summary>
internal abstract class EventSource
{
    /// <summary>The name that `from` uses.</summary>
    public abstract string Name { get; }

    /// <summary>How what was not done comes again.</summary>
    public virtual BatchForm Form => BatchForm.Together;

    /// <summary>Adds the items; false, with nothing added, when the event is none of this source's. Never throws: any JSON may come.</summary>
    public abstract bool TryRead(JsonElement content, in Envelope outer, List<Item> items);

    /// <summary>Writes what the source expects, from what each item's <see cref="Item.End"/> says; false when any answer will do.</summary>
    /// <param name="requestId">The invocation's, by which its log lines are found.</param>
    public virtual bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<Item> items, string requestId) =>
        // Whoever waits for one item's answer is given what a C# handler has for it.
        Form is BatchForm.Together or BatchForm.Answered && items is [{ End: { IsDone: true, Answer: { } given } }] && answer.Append(given).Length > 0;

    /// <summary>What the one who sees an invocation's error is told.</summary>
    public virtual RuntimeError Shown(RuntimeError error, string requestId) => error;
}
