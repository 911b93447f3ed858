using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>A place in the event's tree and what must be true there.</summary>
internal abstract class PatternNode
{
    /// <summary>Whether it holds where the event has nothing at all.</summary>
    public abstract bool HoldsWhenAbsent { get; }

    /// <summary>Whether it asks for nothing but absence. Such a field must be absent from every element of an array, not just from one.</summary>
    public abstract bool OnlyAbsence { get; }

    /// <param name="element">Undefined where the event has nothing.</param>
    public abstract bool Matches(JsonElement element);

    /// <summary>The path of the first field that does not match, below <paramref name="path"/>; null when all do.</summary>
    public abstract string? FirstMismatch(JsonElement element, string path);
}
