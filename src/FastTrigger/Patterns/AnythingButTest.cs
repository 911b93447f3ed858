using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>{"anything-but": "stopped"} or {"anything-but": ["a", "b"]}: the field is present and has none of these values.</summary>
internal sealed class AnythingButTest(ValueTest[] excluded) : ValueTest
{
    public override bool Matches(JsonElement leaf)
    {
        foreach (var test in excluded)
        {
            if (test.Matches(leaf))
            {
                return false;
            }
        }

        return true;
    }
}
