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
        var text = plot.ToSvg("t", "ms");
        var svg = XElement.Parse(text[..(text.LastIndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        var positions = svg.Descendants()
            .SelectMany(element => element.Attributes())
            .Where(attribute => attribute.Value.EndsWith('%') && attribute.Name != "width")
            .ToList();
        Assert.NotEmpty(positions);
        var percentages = positions.Select(attribute => double.Parse(attribute.Value.TrimEnd('%'), CultureInfo.InvariantCulture));
        Assert.All(percentages, percentage => Assert.InRange(percentage, 0, 100));
        Assert.Contains(svg.Descendants("text"), element => element.Value == "a <peer> & its \"name\"");
        Assert.InRange(svg.Descendants("text").Count(element => (string?)element.Attribute("class") == "tick"), 2, 12);
    }
}
