namespace FastTrigger.Patterns;

/// <summary>{"equals-ignore-case": "running"}.</summary>
internal sealed class EqualsIgnoreCaseTest(TextPattern expected) : TextTest
{
    protected override bool Matches(ReadOnlySpan<byte> utf8) => expected.Equals(utf8);
}
