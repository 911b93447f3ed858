using FastTrigger.Http;

namespace FastTrigger.Tests.Http;

public sealed class OriginTests
{
    [Theory]
    [InlineData("https://example.com", true, "example.com", 443, "/", "example.com")]
    [InlineData("http://LOCALHOST:8080/a?b=c", false, "localhost", 8080, "/a?b=c", "localhost:8080")]
    [InlineData("https://[::1]:8443/x", true, "[::1]", 8443, "/x", "[::1]:8443")]
    [InlineData("http://example.com?q", false, "example.com", 80, "/?q", "example.com")]
    public void A_URL_is_split_into_its_parts(string url, bool tls, string host, int port, string path, string authority)
    {
        Assert.True(Origin.TryParse(url, out var origin, out var problem), problem);
        Assert.Equal(new(tls, host, port, path), origin);
        Assert.Equal(authority, origin.Authority);
    }

    [Theory]
    [InlineData("ftp://example.com")]
    [InlineData("example.com")]
    [InlineData("https://")]
    [InlineData("https://user@example.com/")]
    [InlineData("https://exam ple.com/")]
    [InlineData("https://example.com/a b")]
    [InlineData("https://example.com/\r\nHost: evil")]
    [InlineData("https://example.com:0/")]
    [InlineData("https://example.com:99999/")]
    [InlineData("https://example.com/#part")]
    public void An_invalid_URL_is_refused(string url) => Assert.False(Origin.TryParse(url, out _, out _));
}
