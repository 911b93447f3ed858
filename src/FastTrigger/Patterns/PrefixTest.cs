namespace FastTrigger.Patterns;

/// <summary>{"prefix": "eu-"}, or {"prefix": {"equals-ignore-case": "EU-"}}.</summary>
internal sealed class PrefixTest(TextPattern expected) : TextTest
{
    protected override bool Matches(ReadOnlySpan<byte> utf8) => expected.StartsWith(utf8);
}
