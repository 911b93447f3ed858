using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>A place in the event and what must be true there.</summary>
internal abstract class PatternNode
{
    /// <summary>Where it stands in the routes file.</summary>
    public int Offset { get; init; }

    /// <summary>Whether this node matches when the event has no value in this place.</summary>
    public abstract bool HoldsWhenAbsent { get; }

    /// <summary>Whether this node requires absence only. Such a field must be absent from every element of an array.</summary>
    public abstract bool OnlyAbsence { get; }

    /// <param name="element">Undefined when the event has no value in this place.</param>
    /// <param name="texts">Reads the event's leaves.</param>
    public abstract bool Matches(JsonElement element, LeafTexts texts);
}
