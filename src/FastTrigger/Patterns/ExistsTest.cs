namespace FastTrigger.Patterns;

/// <summary>
/// {"exists": true} matches any leaf, also null. {"exists": false} matches where there is no leaf: also an object or an empty array.
/// </summary>
internal sealed class ExistsTest(bool expected) : ValueTest
{
    public override bool HoldsWhenAbsent => !expected;

    public override bool Matches(Leaf leaf) => expected;
}
