namespace FastTrigger.Patterns;

/// <summary>{"suffix": ".png"}, or {"suffix": {"equals-ignore-case": ".PNG"}}.</summary>
internal sealed class SuffixTest(TextPattern expected) : TextTest
{
    protected override bool Matches(ReadOnlySpan<byte> utf8) => expected.EndsWith(utf8);
}
