using FastTrigger.Http;

namespace FastTrigger.Tests.Http;

public sealed class UrlReferenceTests
{
    /// <summary>The examples of RFC 3986, 5.4, with its base URL.</summary>
    [Theory]
    [InlineData("g:h", "g:h")]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("#s", "http://a/b/c/d;p?q#s")]
    [InlineData("g#s", "http://a/b/c/g#s")]
    [InlineData("g?y#s", "http://a/b/c/g?y#s")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("g;x", "http://a/b/c/g;x")]
    [InlineData("g;x?y#s", "http://a/b/c/g;x?y#s")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("./", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../", "http://a/")]
    [InlineData("../../g", "http://a/g")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("../../../../g", "http://a/g")]
    [InlineData("/./g", "http://a/g")]
    [InlineData("/../g", "http://a/g")]
    [InlineData("g.", "http://a/b/c/g.")]
    [InlineData(".g", "http://a/b/c/.g")]
    [InlineData("g..", "http://a/b/c/g..")]
    [InlineData("..g", "http://a/b/c/..g")]
    [InlineData("./../g", "http://a/b/g")]
    [InlineData("./g/.", "http://a/b/c/g/")]
    [InlineData("g/./h", "http://a/b/c/g/h")]
    [InlineData("g/../h", "http://a/b/c/h")]
    [InlineData("g;x=1/./y", "http://a/b/c/g;x=1/y")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    [InlineData("g?y/./x", "http://a/b/c/g?y/./x")]
    [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
    [InlineData("g#s/./x", "http://a/b/c/g#s/./x")]
    [InlineData("g#s/../x", "http://a/b/c/g#s/../x")]
    [InlineData("http:g", "http:g")]
    // Beyond the examples: URLs inside of a query, other hosts, and dots in a whole URL.
    [InlineData("?to=http://x/../y", "http://a/b/c/d;p?to=http://x/../y")]
    [InlineData("/login?to=https://x/y", "http://a/login?to=https://x/y")]
    [InlineData("g?to=//x", "http://a/b/c/g?to=//x")]
    [InlineData("//x:81/../g?y", "http://x:81/g?y")]
    [InlineData("HTTPS://x/a/../b/./c", "HTTPS://x/b/c")]
    [InlineData("./a:b", "http://a/b/c/a:b")]
    public void A_reference_is_resolved_as_the_RFC_says(string reference, string expected)
    {
        Assert.True(Origin.TryParse("http://a/b/c/d;p?q", out var from, out _));
        Assert.Equal(expected, UrlReference.Resolve(from, reference));
    }

    [Fact]
    public void The_port_and_the_scheme_of_the_page_are_kept()
    {
        Assert.True(Origin.TryParse("https://a:8443?q", out var from, out _));
        Assert.Equal("https://a:8443/?q#f", UrlReference.Resolve(from, "#f"));
        Assert.Equal("https://a:8443/g", UrlReference.Resolve(from, "g"));
        Assert.Equal("https://b", UrlReference.Resolve(from, "//b"));
    }
}
