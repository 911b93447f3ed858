using System.Xml.Linq;
using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Tests.ColdStart;

/// <summary>Pages for narrow and wide screens.</summary>
public sealed class HtmlPageTests
{
    [Fact]
    public void Every_cell_has_the_heading_that_a_phone_shows_beside_it()
    {
        var table = XElement.Parse(HtmlPage.Table(["", "p95 <of all>"], [["a", "1"], ["b", "<b>2</b>"]]));
        Assert.Equal(["", "p95 <of all>"], table.Descendants("th").Select(cell => cell.Value));
        var cells = table.Descendants("td").Select(cell => ((string?)cell.Attribute("data-label"), cell.Value));
        Assert.Equal([("", "a"), ("p95 <of all>", "1"), ("", "b"), ("p95 <of all>", "2")], cells);
    }

    [Fact]
    public void A_command_wraps_between_its_words_and_not_at_a_hyphen()
    {
        var command = XElement.Parse(HtmlPage.Command("fasttrigger coldstart --init-boost on '<a> b'"), LoadOptions.PreserveWhitespace);
        Assert.Equal("fasttrigger coldstart --init-boost on '<a> b'", command.Value);
        Assert.All(command.Elements(), word => Assert.Equal("word", (string?)word.Attribute("class")));
        Assert.Contains(command.Elements(), word => word.Value == "--init-boost");
    }
}
