using FastTrigger.Aws;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Aws;

public sealed class XmlScannerTests
{
    [Fact]
    public void Elements_text_and_depth_are_read()
    {
        var seen = new List<string>();
        var xml = new XmlScanner(
            "<?xml version=\"1.0\"?>\n<a xmlns=\"x\"><!-- c --><b>one &amp; &lt;two&gt; &#65;&#x1F600;</b><c/>"u8 +
            "<d attribute='1'>\n</d ></a>"u8);
        while (xml.Read())
        {
            seen.Add($"{(xml.IsEnd ? "/" : "")}{Encoding.UTF8.GetString(xml.Name)}{xml.Depth}{(xml.IsText("b"u8) ? "=" + xml.Text : "")}");
        }

        Assert.Equal(["a1", "b2=one & <two> A😀", "/b2", "c2", "/c2", "d2", "/d2", "/a1"], seen);
    }

    [Fact]
    public void Any_text_ends_the_scan_without_an_exception() =>
        Prop.ForAll<string>(text =>
        {
            var xml = new XmlScanner(Encoding.UTF8.GetBytes("<a>" + text + "<b>&" + text + ";</b"));
            var steps = 0;
            while (xml.Read())
            {
                _ = xml.Text;
                steps++;
            }

            return steps < 10_000;
        }).QuickCheckThrowOnFailure();
}
