using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

public sealed class SoakUsageTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1_000)]
    [InlineData(-1, -1_000)]
    public void Memory_has_the_slope_of_the_second_half(int kibOfEachStep, double slope)
    {
        var used = new SoakUsage();
        for (var i = 0; i < 20; i++)
        {
            used.Add(new(i * 100, Kib: i < 10 ? 500 * i : 9_000 + (kibOfEachStep * i), Descriptors: 7, Threads: 2));
        }

        Assert.Equal(slope, used.Slope, 0.001);
    }

    [Fact]
    public void Descriptors_that_come_and_go_do_not_grow_and_one_more_does()
    {
        var used = new SoakUsage();
        for (var i = 0; i < 20; i++)
        {
            used.Add(new(i, Kib: 1, Descriptors: 7 + (i % 2), Threads: i < 19 ? 2 : 3));
        }

        Assert.Equal((7, 8), used.Range(sample => sample.Descriptors));
        Assert.False(used.Grows(sample => sample.Descriptors));
        Assert.True(used.Grows(sample => sample.Threads));
    }
}
