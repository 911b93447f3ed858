using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>{"exists": true} holds for any leaf, null too; {"exists": false} where there is no leaf, so also for an object or an empty array.</summary>
internal sealed class ExistsTest(bool expected) : ValueTest
{
    public override bool HoldsWhenAbsent => !expected;

    public override bool Matches(JsonElement leaf) => expected;
}
