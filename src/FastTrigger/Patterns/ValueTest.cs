using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>One way in which a leaf of an event may be right.</summary>
internal abstract class ValueTest
{
    /// <summary>Whether it holds where the field is not there at all.</summary>
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
