using FastTrigger.Cli.ColdStart;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.ColdStart;

/// <summary>The statistics of the laboratory.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0.5, 2.5)]
    [InlineData(0, 1)]
    [InlineData(1, 4)]
    [InlineData(0.95, 3.85)]
    public void Percentiles_lie_between_the_two_nearest_samples(double fraction, double expected) =>
        Assert.Equal(expected, Statistics.Percentile([4, 1, 3, 2], fraction), 6);

    [Fact]
    public void An_empty_list_has_no_percentile() => Assert.True(double.IsNaN(Statistics.Median([])));

    [Fact]
    public void An_interval_contains_its_median_and_lies_within_the_samples()
    {
        var samples = Gen.Choose(1, 100_000).Select(number => number / 1_000.0).NonEmptyListOf().Where(list => list.Count > 2);
        Prop.ForAll(samples.ToArbitrary(), values =>
        {
            var estimate = Statistics.MedianWithInterval(values);
            return values.Min() <= estimate.Low
                && estimate.Low <= estimate.Value
                && estimate.Value <= estimate.High
                && estimate.High <= values.Max();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_same_samples_always_give_the_same_interval()
    {
        double[] values = [1, 2, 2, 3, 9];
        Assert.Equal(Statistics.MedianWithInterval(values), Statistics.MedianWithInterval(values));
    }

    [Fact]
    public void A_disturbance_of_both_sides_of_a_round_does_not_change_their_ratio()
    {
        double[] reference = [1, 1.1, 5, 1.2, 7, 1, 9, 1.3, 1.1, 6];
        var ratio = Statistics.RatioOfMedians([.. reference.Select(value => value * 2)], reference);
        Assert.Equal((2, 2, 2), (Math.Round(ratio.Value, 9), Math.Round(ratio.Low, 9), Math.Round(ratio.High, 9)));
    }

    [Theory]
    [InlineData(0.8, 0.7, 0.9, "faster")]
    [InlineData(1.2, 1.1, 1.3, "slower")]
    [InlineData(1.2, 0.9, 1.3, "no difference seen")]
    [InlineData(double.NaN, double.NaN, double.NaN, "no data")]
    public void A_verdict_needs_an_interval_without_1(double value, double low, double high, string expected) =>
        Assert.Equal(expected, Statistics.Verdict(new(value, low, high)));
}
