using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>"text", 300, true or null: an equal value. A string matches only a string. Numbers are compared by value.</summary>
internal sealed class ExactTest : ValueTest
{
    private readonly JsonTokenType _kind;

    /// <summary>Mostly a part of the file: a copy for each of a thousand routes takes longer than the rest of the test.</summary>
    private readonly ArraySegment<byte> _text;

    public ExactTest(JsonNode expected)
    {
        _kind = expected.Kind;
        _text = expected.Utf8;
        Hash = FieldProbe.Hash(_text);
    }

    public bool IsText => _kind == JsonTokenType.String;

    /// <summary>The string in UTF-8, or the number as it is written.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Of the text, for the index.</summary>
    public uint Hash { get; }

    public override bool Matches(Leaf leaf) => leaf.Kind switch
    {
        JsonValueKind.String => IsText && leaf.Text.SequenceEqual(Text),
        JsonValueKind.Number => _kind == JsonTokenType.Number && Numbers.AreEqual(leaf.Text, Text),
        JsonValueKind.True => _kind == JsonTokenType.True,
        JsonValueKind.False => _kind == JsonTokenType.False,
        JsonValueKind.Null => _kind == JsonTokenType.Null,
        _ => false,
    };
}
