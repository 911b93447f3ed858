using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Http;

public sealed class CookieJarTests
{
    [Theory]
    [InlineData("a=1", "https://www.example.com/x/z", "a=1")]
    [InlineData("a=1", "https://www.example.com/x", "a=1")]
    [InlineData("a=1", "https://www.example.com/xy", "")]
    [InlineData("a=1", "https://www.example.com/", "")]
    [InlineData("a=1", "https://example.com/x/", "")]
    [InlineData("a=1", "https://a.www.example.com/x/", "")]
    [InlineData("a=1; Path=/", "https://www.example.com/", "a=1")]
    [InlineData("a=1; Path=/; Path=x", "https://www.example.com/", "a=1")]
    [InlineData("a=1; PATH=/k; secure; HttpOnly; SameSite=Lax", "https://www.example.com/k?x", "a=1")]
    [InlineData("a=1; Path=/; Secure", "http://www.example.com/", "")]
    [InlineData("a=1; Path=/; Domain=example.com", "https://example.com/", "a=1")]
    [InlineData("a=1; Path=/; Domain=.Example.COM", "https://other.example.com/", "a=1")]
    [InlineData("a=1; Path=/; Domain=example.com", "https://example.com.evil.net/", "")]
    [InlineData("a=1; Path=/; Domain=example.com", "https://badexample.com/", "")]
    [InlineData("a=1; Path=/; Domain=com", "https://other.com/", "")]
    [InlineData("a=1; Path=/; Domain=ample.com", "https://ample.com/", "")]
    [InlineData("a=1; Path=/; Domain=evil.net", "https://evil.net/", "")]
    [InlineData("a=1; Path=/; Domain=www.example.com", "https://a.www.example.com/", "a=1")]
    [InlineData("a=1; Path=/; Max-Age=0", "https://www.example.com/", "")]
    [InlineData("a=1; Path=/; Max-Age=60", "https://www.example.com/", "a=1")]
    [InlineData("a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "https://www.example.com/", "")]
    [InlineData("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://www.example.com/", "")]
    [InlineData("=1; Path=/", "https://www.example.com/", "")]
    [InlineData("novalue; Path=/", "https://www.example.com/", "")]
    [InlineData("a=1\u0001; Path=/", "https://www.example.com/", "")]
    public async Task A_cookie_is_sent_where_its_server_meant_it(string cookie, string to, string expected)
    {
        var jar = await JarAsync("https://www.example.com/x/y", cookie);
        Assert.True(Origin.TryParse(to, out var origin, out _));
        Assert.Equal(expected, jar.For(origin, ""));
    }

    [Fact]
    public async Task A_page_without_TLS_sets_no_secure_cookie_and_an_address_has_no_subdomains()
    {
        Assert.True(Origin.TryParse("https://10.0.0.1/", out var origin, out _));
        Assert.Equal("", (await JarAsync("http://10.0.0.1/", "a=1; Secure")).For(origin, ""));
        Assert.Equal("", (await JarAsync("http://10.0.0.1/", "a=1; Domain=0.0.1")).For(origin, ""));
        Assert.Equal("a=1", (await JarAsync("http://10.0.0.1/", "a=1; Domain=10.0.0.1")).For(origin, ""));
    }

    [Fact]
    public async Task Cookies_are_replaced_removed_joined_and_limited()
    {
        Assert.True(Origin.TryParse("https://example.com/", out var origin, out _));
        Assert.Equal("own=0; b=2; a=3", (await JarAsync("https://example.com/", "a=1", "b=2", "a=3")).For(origin, "own=0"));
        Assert.Equal("b=2", (await JarAsync("https://example.com/", "a=1", "b=2", "a=; Max-Age=0")).For(origin, ""));
        var many = (await JarAsync("https://example.com/", [.. Enumerable.Range(0, 99).Select(i => $"c{i}=x")])).For(origin, "");
        Assert.Equal(50, many.Split("; ").Length);
        Assert.Equal("", (await JarAsync("https://example.com/", "a=" + new string('x', 5_000))).For(origin, ""));
    }

    private static async Task<CookieJar> JarAsync(string from, params string[] cookies)
    {
        var head = string.Concat(cookies.Select(cookie => $"Set-Cookie: {cookie}\r\n"));
        await using var server = SocketServer.Answering(
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{head}Content-Length: 0\r\n\r\n"));
        using var connection = Exchange.Open(server.Port);
        Assert.True(connection.Send().IsNone);
        Assert.True(Origin.TryParse(from, out var origin, out _));
        var jar = new CookieJar(Clock.System);
        jar.Keep(connection.Response, origin);
        return jar;
    }
}
