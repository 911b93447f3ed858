using System.Globalization;
using System.Xml.Linq;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

/// <summary>Plots that every browser can draw.</summary>
public sealed class PlotTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(0.7, 300)]
    [InlineData(0.01, 10_000)]
    [InlineData(5, 5)]
    public void All_elements_are_inside_and_the_SVG_is_well_formed(double low, double high)
    {
        var plot = new Plot([low, high]);
        plot.Bar("a <peer> & its \"name\"", "1 ms", 0, [(0, low), (low, high)], low, high);
        plot.Strip("points", "p95", 1, [low, (low + high) / 2, high], high);
        var html = XElement.Parse(plot.ToHtml("t", "ms").Replace("&nbsp;", " ", StringComparison.Ordinal));
        Assert.Equal("div", html.Name);
        var positions = html.Descendants()
            .SelectMany(element => element.Attributes())
            .Where(attribute => attribute.Value.EndsWith('%') && attribute.Name != "width")
            .ToList();
        Assert.NotEmpty(positions);
        var percentages = positions.Select(attribute => double.Parse(attribute.Value.TrimEnd('%'), CultureInfo.InvariantCulture));
        Assert.All(percentages, percentage => Assert.InRange(percentage, 0, 100));
        Assert.Contains(html.Descendants("span"), element => element.Value == "a <peer> & its \"name\"");
        Assert.InRange(html.Descendants("text").Count(element => (string?)element.Attribute("class") == "tick"), 2, 12);
    }
    [Theory]
    [InlineData(10, 20)]
    [InlineData(5, 5)]
    public void A_bar_starts_at_zero_and_its_length_is_in_proportion(double small, double large)
    {
        var plot = new Plot([small, large]);
        plot.Bar("small", "", 0, [(0, small)], small, small);
        plot.Bar("large", "", 0, [(0, large)], large, large);
        var html = XElement.Parse(plot.ToHtml("t", "ms"));
        var bars = html.Descendants("rect").Select(bar => (From: Percentage(bar, "x"), Width: Percentage(bar, "width"))).ToList();
        Assert.Equal("bar", plot.Mark);
        Assert.Equal(large / small, bars[1].Width / bars[0].Width, 2);
        Assert.Equal("0", html.Descendants("text").First().Value);
        Assert.All(bars, bar => Assert.Equal(Percentage(html.Descendants("text").First(), "x"), bar.From));
        Assert.Equal("ms", html.Descendants("p").Last().Value);
    }

    [Fact]
    public void A_logarithmic_axis_has_no_bars_and_says_that_it_is_one()
    {
        var plot = new Plot([1, 100]);
        plot.Bar("x", "", 0, [(0, 1), (1, 100)], 90, 110);
        var html = XElement.Parse(plot.ToHtml("t", "ms"));
        Assert.Equal("dot", plot.Mark);
        Assert.Empty(html.Descendants("rect"));
        Assert.Equal(2, html.Descendants("circle").Count());
        Assert.Equal("ms; log scale", html.Descendants("p").Last().Value);
    }

    private static double Percentage(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value.TrimEnd('%'), CultureInfo.InvariantCulture);
}
