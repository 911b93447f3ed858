using FastTrigger.Cli.Output;

namespace FastTrigger.Tests.Output;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 calls")]
    [InlineData(1, "1 call")]
    [InlineData(2, "2 calls")]
    public void Only_one_is_in_the_singular(int count, string text) => Assert.Equal(text, Counted.Of(count, "call"));
}
