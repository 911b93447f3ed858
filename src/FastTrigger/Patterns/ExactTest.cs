using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>"text", 300, true or null: an equal value. A string matches only a string. Numbers are compared by value.</summary>
internal sealed class ExactTest(JsonNode expected) : ValueTest
{
    private readonly JsonTokenType _kind = expected.Kind;

    public bool IsText => _kind == JsonTokenType.String;

    /// <summary>The string in UTF-8, or the number as it is written.</summary>
    public byte[] Text { get; } = expected.Utf8;

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
