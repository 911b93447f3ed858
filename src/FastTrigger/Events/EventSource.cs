using System.Text.Json;
using FastTrigger.Runtime;

namespace FastTrigger.Events;

/// <summary>A way in which events arrive: recognises its shape and makes items of it.</summary>
internal abstract class EventSource
{
    /// <summary>The name that `from` uses.</summary>
    public abstract string Name { get; }

    /// <summary>Null when the event is none of this source's. Never throws: any JSON may come.</summary>
    public abstract Item? Read(JsonElement root, Invocation invocation);
}
