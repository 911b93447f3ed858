using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>A field with a list of tests, of which one must match. An array in the event matches when one of its values matches.</summary>
internal sealed class FieldNode(ValueTest[] tests) : PatternNode
{
    public override bool HoldsWhenAbsent { get; } = Array.Exists(tests, static test => test.HoldsWhenAbsent);

    public override bool OnlyAbsence { get; } = Array.TrueForAll(tests, static test => test.HoldsWhenAbsent);

    public override bool Matches(JsonElement element) => HasLeaf(element) ? AnyLeafMatches(element) : HoldsWhenAbsent;

    private static bool HasLeaf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined);
        }

        foreach (var inner in element.EnumerateArray())
        {
            if (HasLeaf(inner))
            {
                return true;
            }
        }

        return false;
    }

    private bool AnyLeafMatches(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var inner in element.EnumerateArray())
            {
                if (AnyLeafMatches(inner))
                {
                    return true;
                }
            }

            return false;
        }

        if (element.ValueKind == JsonValueKind.Object)
        {
            return false;
        }

        foreach (var test in tests)
        {
            if (test.Matches(element))
            {
                return true;
            }
        }

        return false;
    }
}
