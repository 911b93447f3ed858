using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>A test of one leaf of an event.</summary>
internal abstract class ValueTest
{
    /// <summary>Whether it matches when the field is missing.</summary>
    public virtual bool HoldsWhenAbsent => false;

    public abstract bool Matches(Leaf leaf);
}

/// <summary>A test of a string's UTF-8.</summary>
internal abstract class TextTest : ValueTest
{
    public sealed override bool Matches(Leaf leaf) => leaf.Kind == JsonValueKind.String && Matches(leaf.Text);

    protected abstract bool Matches(ReadOnlySpan<byte> utf8);
}
