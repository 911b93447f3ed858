using FastTrigger.Cli.Planning;

namespace FastTrigger.Tests.Planning;

public sealed class PoissonTests
{
    /// <summary>Summed with 60 digits.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 2)]
    [InlineData(1, 9)]
    [InlineData(2.5, 13)]
    [InlineData(10, 28)]
    [InlineData(100, 151)]
    [InlineData(400, 499)]
    public void A_number_is_not_exceeded_in_all_but_one_moment_of_a_million(double mean, int number) =>
        Assert.Equal(number, Poisson.Quantile(mean, 0.999_999));

    /// <summary>The normal distribution in place of the sum is one off at most.</summary>
    [Theory]
    [InlineData(501, 611)]
    [InlineData(900, 1_046)]
    [InlineData(10_000, 10_479)]
    public void Large_means_are_right_to_one(double mean, int number) =>
        Assert.InRange(Poisson.Quantile(mean, 0.999_999), number - 1, number + 1);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1_000)]
    public void The_largest_mean_of_a_number_is_the_last_that_does_not_exceed_it(int number)
    {
        var mean = Poisson.Mean(number, 0.999_999);
        Assert.InRange(Poisson.Quantile(mean, 0.999_999), 0, number);
        Assert.InRange(Poisson.Quantile(mean + 0.01 + (mean / 1_000), 0.999_999), number + 1, number + 2);
    }
}
