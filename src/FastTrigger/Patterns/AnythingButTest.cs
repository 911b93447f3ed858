namespace FastTrigger.Patterns;

/// <summary>
/// {"anything-but": "stopped"}, {"anything-but": ["a", "b"]} or {"anything-but": {"prefix": ["a", "b"]}}: the field is there with a value
/// that none of these tests matches.
/// </summary>
internal sealed class AnythingButTest(ValueTest[] excluded) : ValueTest
{
    public override bool Matches(Leaf leaf)
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
