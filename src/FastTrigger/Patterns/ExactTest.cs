using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>"text", 300, true or null: an equal value. A string matches only a string. Numbers are compared by value.</summary>
internal sealed class ExactTest(JsonNode expected) : ValueTest
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(expected.Text);

    public override bool Matches(JsonElement leaf) => leaf.ValueKind switch
    {
        JsonValueKind.String => expected.IsString && leaf.ValueEquals(_text),
        JsonValueKind.Number => expected.Kind == JsonTokenType.Number && Numbers.AreEqual(JsonMarshal.GetRawUtf8Value(leaf), _text),
        JsonValueKind.True => expected.Kind == JsonTokenType.True,
        JsonValueKind.False => expected.Kind == JsonTokenType.False,
        JsonValueKind.Null => expected.Kind == JsonTokenType.Null,
        _ => false,
    };
}
