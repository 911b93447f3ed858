using FastTrigger.Cli.ColdStart;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.ColdStart;

/// <summary>A budget fails only on a certain result.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData(1.0, true)]
    [InlineData(1.2, true)]
    [InlineData(2.0, false)]
    public void A_ratio_exceeds_its_budget_only_when_its_whole_interval_does(double factor, bool kept)
    {
        // Half of the samples are 30 % higher. A factor of 1.2 against a budget of 1.1 is within their uncertainty.
        double[] reference = [1, 1.3, 1, 1.3, 1, 1.3, 1, 1.3, 1.15];
        double[] own = [.. reference.Reverse().Select((value, index) => value * factor * (index % 2 == 0 ? 0.85 : 1))];
        var budget = new Budget("reference", 1.1, null, null);
        var (_, isKept) = budget.Check([Series("reference", reference), Series(ColdStartNames.FastTrigger, own)]).Single();
        Assert.Equal(kept, isKept);
    }

    [Theory]
    [InlineData(4_000, true)]
    [InlineData(3_999, false)]
    public void The_peak_of_the_memory_counts(long maxKib, bool kept)
    {
        var own = Series(ColdStartNames.FastTrigger, [1, 1, 1]);
        Assert.Equal(kept, new Budget("reference", null, null, maxKib).Check([Series("reference", [1]), own]).Single().Kept);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("tag")]
    public void The_budgets_of_the_repository_can_be_read(string name)
    {
        var budget = Budget.Read(Path.Combine(Repository.Root, "build", "budgets.json"), name);
        Assert.Equal("minimal loop", budget.Reference);
        Assert.InRange(budget.ExecToResponse!.Value, 1, 10);
    }

    [Fact]
    public void A_missing_budget_is_named()
    {
        var file = Path.Combine(Repository.Root, "build", "budgets.json");
        var exception = Assert.Throws<LabException>(() => Budget.Read(file, "storm"));
        Assert.Contains("no budget named storm", exception.Message, StringComparison.Ordinal);
    }

    private static LabSeries Series(string name, IEnumerable<double> totals)
    {
        var series = new LabSeries(new(name, ["program"], true), new(null));
        series.Samples.AddRange(totals.Select(total => new Sample { Total = total, PeakKib = 4_000 }));
        return series;
    }
}
