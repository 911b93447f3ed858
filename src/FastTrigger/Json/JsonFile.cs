using System.Text.Json;

namespace FastTrigger.Json;

/// <summary>
/// A file that a person writes, and all its values in the order of the file: a value, then what is inside it. One array for all of them
/// takes a third of the memory of an object for each.
/// </summary>
internal sealed class JsonFile(byte[] bytes, JsonPlace[] places, JsonName[] names)
{
    public byte[] Bytes => bytes;

    public JsonPlace[] Places => places;

    public JsonName[] Names => names;
}

/// <summary>Where a value is in the file.</summary>
internal struct JsonPlace
{
    public JsonTokenType Kind;

    /// <summary>Whether it is a string with escapes.</summary>
    public bool IsEscaped;

    /// <summary>Where it begins.</summary>
    public int Offset;

    /// <summary>How many bytes a string or a number has there, without quotes; how many members or items are in it.</summary>
    public int Length;

    /// <summary>The place of the value after it and all that is inside it.</summary>
    public int End;

    /// <summary>The place of its name among the names, when it is in an object.</summary>
    public int Name;

    /// <summary>Where its name begins.</summary>
    public int NameOffset;
}

/// <summary>A name, of which a file has many alike.</summary>
internal sealed class JsonName(string text, byte[] utf8)
{
    public string Text => text;

    public byte[] Utf8 => utf8;
}
