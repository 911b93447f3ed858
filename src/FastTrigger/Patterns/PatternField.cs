using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>A field of the pattern.</summary>
internal readonly struct PatternField(JsonName name, PatternNode node, int offset)
{
    public JsonName Key => name;

    /// <summary>One name: without dots.</summary>
    public string Name => name.Text;

    /// <summary>The same in UTF-8.</summary>
    public byte[] Utf8 => name.Utf8;

    /// <summary>What must be true of it.</summary>
    public PatternNode Node => node;

    /// <summary>Where it stands in the routes file.</summary>
    public int Offset => offset;

    public void Deconstruct(out string text, out byte[] bytes, out PatternNode wanted) => (text, bytes, wanted) = (Name, Utf8, node);
}
