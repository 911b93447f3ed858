namespace FastTrigger.Patterns;

/// <summary>A field of the pattern.</summary>
internal readonly struct PatternField(string name, byte[] utf8, PatternNode node)
{
    /// <summary>One name: without dots.</summary>
    public string Name => name;

    /// <summary>The same in UTF-8.</summary>
    public byte[] Utf8 => utf8;

    /// <summary>What must be true of it.</summary>
    public PatternNode Node => node;

    public void Deconstruct(out string text, out byte[] bytes, out PatternNode wanted) => (text, bytes, wanted) = (name, utf8, node);
}
