using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>Where check-website goes after a redirect, and what it takes along.</summary>
public sealed class WebsiteRedirectTests
{
    private const string End = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static readonly WorldFile s_world = new() { Parameters = new Dictionary<string, string> { ["/key"] = "s3cret" } };

    [Theory]
    [InlineData("GET", 301, "GET")]
    [InlineData("POST", 301, "GET")]
    [InlineData("POST", 302, "GET")]
    [InlineData("POST", 303, "GET")]
    [InlineData("PUT", 303, "GET")]
    [InlineData("HEAD", 303, "HEAD")]
    [InlineData("PUT", 302, "PUT")]
    [InlineData("POST", 307, "POST")]
    [InlineData("POST", 308, "POST")]
    public async Task The_method_of_the_next_request_follows_the_status(string method, int status, string next)
    {
        await using var site = new ScriptedSite(Redirect(status, "?next"), method == "HEAD" ? End[..^2] : End);
        Assert.Equal("done", await CheckAsync(site, $"\"method\":\"{method}\",\"headers\":{{\"Content-Type\":\"text/plain\"}}"));
        Assert.StartsWith($"{method} /a/b?c HTTP/1.1\r\n", site.Requests[0], StringComparison.Ordinal);
        Assert.StartsWith($"{next} /a/b?next HTTP/1.1\r\n", site.Requests[1], StringComparison.Ordinal);
        Assert.Equal(method == next, site.Requests[1].Contains("\r\nContent-Type: ", StringComparison.Ordinal));
        Assert.Equal(next is "POST" or "PUT", site.Requests[1].Contains("\r\nContent-Length: 0\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("?x", "/a/b?x")]
    [InlineData("#part", "/a/b?c")]
    [InlineData("../up/./x", "/up/x")]
    [InlineData("/login?to=https://elsewhere.example/", "/login?to=https://elsewhere.example/")]
    [InlineData("d e/\u00e4", "/a/d%20e/%c3%a4")]
    public async Task A_location_is_resolved_against_the_page(string location, string target)
    {
        await using var site = new ScriptedSite(Redirect(302, location), End);
        Assert.Equal("done", await CheckAsync(site));
        Assert.StartsWith($"GET {target} HTTP/1.1\r\n", site.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_stay_with_the_origin_that_they_are_for()
    {
        await using var other = new ScriptedSite(Redirect(302, "/there"), End);
        await using var site = new ScriptedSite(Redirect(302, "/same"), Redirect(302, $"//127.0.0.1:{other.Port}/x"));
        const string Headers = """
            "headers":{"Authorization":"Basic abc","Cookie":"own=1","X-Key":"${ssm:/key}","X-Site":"a ${env.NAME}","X-Plain":"plain"}
            """;
        Assert.Equal("done", await CheckAsync(site, Headers));
        foreach (var request in site.Requests)
        {
            Assert.Contains("\r\nAuthorization: Basic abc\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nX-Key: s3cret\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nCookie: own=1\r\n", request, StringComparison.Ordinal);
            Assert.Contains("\r\nX-Site: a name\r\n", request, StringComparison.Ordinal);
        }

        Assert.Equal(2, other.Requests.Count);
        foreach (var request in other.Requests)
        {
            Assert.Contains("\r\nX-Plain: plain\r\n", request, StringComparison.Ordinal);
            Assert.DoesNotMatch("(?i)authorization|cookie|x-key|x-site|s3cret", request);
        }
    }

    [Fact]
    public async Task Cookies_are_kept_within_one_check()
    {
        await using var site = new ScriptedSite(
            Redirect(302, "/b", "Set-Cookie: session=1; Path=/\r\nSet-Cookie: lost=1; Path=/\r\n"),
            Redirect(302, "/c", "Set-Cookie: lost=; Max-Age=0; Path=/\r\n"),
            End,
            End);
        await using var router = await StartAsync(site, "\"headers\":{\"Cookie\":\"own=1\"}");
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        Assert.Contains("\r\nCookie: own=1; session=1; lost=1\r\n", site.Requests[1], StringComparison.Ordinal);
        Assert.Contains("\r\nCookie: own=1; session=1\r\n", site.Requests[2], StringComparison.Ordinal);
        Assert.Equal("done", router.Act(RouterFixture.Event("{}", "event-2")).Outcome);
        Assert.Contains("\r\nCookie: own=1\r\n", site.Requests[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://elsewhere.example/", "allow.hosts does not list elsewhere.example")]
    [InlineData("//elsewhere.example", "allow.hosts does not list elsewhere.example")]
    [InlineData("http://127.0.0.1@elsewhere.example/", "a host is letters")]
    [InlineData("ftp://127.0.0.1/", "a URL begins with http")]
    [InlineData("javascript:alert(1)", "a URL begins with http")]
    [InlineData("http:/only-one-slash", "a URL begins with http")]
    public async Task Each_step_is_checked_C6_2(string location, string reason)
    {
        await using var site = new ScriptedSite(Redirect(302, "/next"), Redirect(302, location));
        await using var router = await StartAsync(site, "\"timeout\":\"9s\"", "\"allow\":{\"hosts\":[\"127.0.0.1\"]},");
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("failed", outcome);
        Assert.Contains("the redirect is not followed: " + reason, detail, StringComparison.Ordinal);
        Assert.Equal(2, site.Requests.Count);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(304)]
    [InlineData(305)]
    public async Task Other_statuses_are_no_redirects(int status)
    {
        await using var site = new ScriptedSite(Redirect(status, "/next"));
        await using var router = await StartAsync(site, "\"timeout\":\"9s\"");
        Assert.EndsWith($"answered {status}, expected 200", router.Act(RouterFixture.Event("{}")).Detail, StringComparison.Ordinal);
    }

    private static string Redirect(int status, string location, string more = "") =>
        $"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n{more}Content-Length: 0\r\n\r\n";

    private static Task<RouterFixture> StartAsync(ScriptedSite site, string settings, string head = "")
    {
        var url = $"http://127.0.0.1:{site.Port}/a/b?c";
        var routes = RouterFixture.Route($"{{\"check-website\":{{\"url\":\"{url}\",\"redirects\":\"follow\",{settings}}}}}", head);
        return RouterFixture.StartAsync(routes, s_world, ("NAME", "name"));
    }

    private static async Task<string> CheckAsync(ScriptedSite site, string settings = "\"timeout\":\"9s\"")
    {
        await using var router = await StartAsync(site, settings);
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        return outcome == "done" ? outcome : detail;
    }

    /// <summary>Gives one answer to each connection, in order, and keeps the requests.</summary>
    private sealed class ScriptedSite : IAsyncDisposable
    {
        private readonly SocketServer _server;

        public ScriptedSite(params string[] answers) => _server = new(async (index, stream, token) =>
        {
            Requests.Add((await SocketServer.ReadRequestAsync(stream, token))!);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answers[index]), token);
        });

        public List<string> Requests { get; } = [];

        public int Port => _server.Port;

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
