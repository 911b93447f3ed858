using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>A test of one leaf of an event.</summary>
internal abstract class ValueTest
{
    /// <summary>Whether it matches when the field is missing.</summary>
    public virtual bool HoldsWhenAbsent => false;

    /// <param name="leaf">A string, number, boolean or null.</param>
    public abstract bool Matches(JsonElement leaf);
}

/// <summary>A test of a string's UTF-8.</summary>
internal abstract class TextTest : ValueTest
{
    public sealed override bool Matches(JsonElement leaf)
    {
        if (leaf.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        return leaf.TryGetPlain(out var utf8) ? Matches(utf8) : Matches(Encoding.UTF8.GetBytes(leaf.GetString()!));
    }

    protected abstract bool Matches(ReadOnlySpan<byte> utf8);
}
