using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>A place in the event and what must be true there.</summary>
internal abstract class PatternNode
{
    /// <summary>Whether this node matches when the event has no value in this place.</summary>
    public abstract bool HoldsWhenAbsent { get; }

    /// <param name="element">Undefined when the event has no value in this place.</param>
    /// <param name="texts">Reads the event's leaves.</param>
    public abstract bool Matches(JsonElement element, LeafTexts texts);

    /// <summary>Whether it matches, and a value of the event is part of that.</summary>
    public abstract bool MatchesByValue(JsonElement element, LeafTexts texts);

    /// <summary>Whether it matches because nothing has a value in this place.</summary>
    /// <param name="element">What the event has in a place around this one.</param>
    /// <param name="depth">How many names lead there from the top of the event.</param>
    public abstract bool IsAbsentFrom(JsonElement element, int depth);
}
