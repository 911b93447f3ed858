using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Patterns;

/// <summary>A field with a list of tests, of which one must match. An array in the event matches when one of its values matches.</summary>
internal sealed class FieldNode : PatternNode
{
    private readonly ValueTest[] _tests;

    public FieldNode(ValueTest[] tests)
    {
        _tests = tests;
        WantsText = tests.Length > 0;
        foreach (var test in tests)
        {
            HoldsWhenAbsent |= test.HoldsWhenAbsent;
            WantsText &= test is ExactTest { IsText: true };
        }
    }

    public override bool HoldsWhenAbsent { get; }

    public ValueTest[] Tests => _tests;

    /// <summary>The names that lead here from the top of the event; set where <see cref="PatternNode.HoldsWhenAbsent"/>.</summary>
    public byte[][] Path { get; set; } = [];

    /// <summary>Whether it matches nothing but one of some texts.</summary>
    public bool WantsText { get; }

    public override bool Matches(JsonElement element, LeafTexts texts)
    {
        var hasLeaf = false;
        return AnyLeafMatches(element, texts, ref hasLeaf) || (!hasLeaf && HoldsWhenAbsent);
    }

    public override bool MatchesByValue(JsonElement element, LeafTexts texts)
    {
        var hasLeaf = false;
        return AnyLeafMatches(element, texts, ref hasLeaf);
    }

    public override bool IsAbsentFrom(JsonElement element, int depth) => HoldsWhenAbsent && !HasLeaf(element, depth);

    private bool HasLeaf(JsonElement element, int depth)
    {
        while (depth < Path.Length && element.ValueKind == JsonValueKind.Object)
        {
            element = element.Get(Path[depth++]);
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return depth == Path.Length && element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined);
        }

        foreach (var inner in element.EnumerateArray())
        {
            if (HasLeaf(inner, depth))
            {
                return true;
            }
        }

        return false;
    }

    private bool AnyLeafMatches(JsonElement element, LeafTexts texts, ref bool hasLeaf)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray())
            {
                if (AnyLeafMatches(inner, texts, ref hasLeaf))
                {
                    return true;
                }
            }

            return false;
        }

        if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Undefined)
        {
            return false;
        }

        hasLeaf = true;
        var leaf = texts.Read(element);
        foreach (var test in _tests)
        {
            if (test.Matches(leaf))
            {
                return true;
            }
        }

        return false;
    }
}
