using FastTrigger.Cli.ColdStart;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.ColdStart;

/// <summary>Budgets fail on what is certain, and on nothing else.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData(1.0, true)]
    [InlineData(1.2, true)]
    [InlineData(2.0, false)]
    public void A_ratio_is_over_its_budget_only_when_its_whole_interval_is(double factor, bool kept)
    {
        // Half of the samples are 30 % up: a factor of 1.2 against a budget of 1.1 is within what they leave open.
        double[] reference = [1, 1.3, 1, 1.3, 1, 1.3, 1, 1.3, 1.15];
        double[] own = [.. reference.Reverse().Select((value, index) => value * factor * (index % 2 == 0 ? 0.85 : 1))];
        var (_, isKept) = new Budget("reference", 1.1, null, null).Check([Series("reference", reference), Series(ColdStartNames.FastTrigger, own)]).Single();
        Assert.Equal(kept, isKept);
    }

    [Theory]
    [InlineData(4_000, true)]
    [InlineData(3_999, false)]
    public void Memory_is_counted_at_its_peak(long most, bool kept)
    {
        var own = Series(ColdStartNames.FastTrigger, [1, 1, 1]);
        Assert.Equal(kept, new Budget("reference", null, null, most).Check([Series("reference", [1]), own]).Single().Kept);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("tag")]
    public void The_repositorys_budgets_can_be_read(string name)
    {
        var budget = Budget.Read(Path.Combine(Repository.Root, "build", "budgets.json"), name);
        Assert.Equal("minimal loop", budget.Reference);
        Assert.InRange(budget.ExecToResponse!.Value, 1, 10);
    }

    [Fact]
    public void A_budget_that_is_not_there_is_named() =>
        Assert.Contains("no budget named storm", Assert.Throws<LabException>(() => Budget.Read(Path.Combine(Repository.Root, "build", "budgets.json"), "storm")).Message, StringComparison.Ordinal);

    private static LabSeries Series(string name, IEnumerable<double> totals)
    {
        var series = new LabSeries(new(name, ["program"], true), new(null));
        series.Samples.AddRange(totals.Select(total => new Sample { Total = total, PeakKib = 4_000 }));
        return series;
    }
}
