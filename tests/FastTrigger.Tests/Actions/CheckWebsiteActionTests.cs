using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

public sealed class CheckWebsiteActionTests
{
    private const string Check = """{"check-website":{"url":"${env.SITE}"}}""";

    private static readonly WorldFile s_world = new()
    {
        Sites =
        [
            new() { Path = "/", Body = "all pumps running" },
            new() { Path = "/moved", Status = 301 },
            new() { Path = "/big", Body = new string('x', 2 * 1024 * 1024) },
        ],
    };

    [Theory]
    [InlineData("\"url\":\"${env.SITE}\"", "done", "answered 200 in")]
    [InlineData("\"url\":\"${env.SITE}\",\"expect\":\"pumps running\"", "done", "with the expected text")]
    [InlineData("\"url\":\"${env.SITE}\",\"expect\":\"pumps broken\"", "failed", "without the expected text")]
    [InlineData("\"url\":\"${env.SITE}nowhere\"", "failed", "answered 404, expected 200")]
    [InlineData("\"url\":\"${env.SITE}nowhere\",\"status\":404", "done", "answered 404")]
    [InlineData("\"url\":\"${env.SITE}moved\"", "failed", "redirects are not followed")]
    [InlineData("\"url\":\"${env.SITE}big\"", "failed", "over 1048576 bytes")]
    [InlineData("\"url\":\"${env.SITE}?secret=abc\"", "done", "answered 200")]
    [InlineData("\"url\":\"http://127.0.0.1:9/\"", "failed", "Connection refused")]
    [InlineData("\"url\":\"${env.NOT_A_URL}\"", "failed", "a URL begins with")]
    public async Task A_site_is_as_expected_or_the_check_fails(string settings, string outcome, string reason)
    {
        var routes = RouterFixture.Route("{\"check-website\":{" + settings + "}}");
        await using var router = await RouterFixture.StartAsync(routes, s_world, ("NOT_A_URL", "nonsense"));
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_is_too_slow_fails_at_its_timeout()
    {
        var routes = RouterFixture.Route("""{"check-website":{"url":"${env.SITE}","timeout":"200ms"}}""");
        var slow = new Fault { Operation = "site", Kind = FaultKind.Slow, Milliseconds = 20_000 };
        await using var router = await RouterFixture.StartAsync(routes, s_world with { Faults = [slow] });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("failed", outcome);
        Assert.Contains("before the deadline", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_fails_the_check()
    {
        using var others = new TestCertificates();
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Check), s_world, ("SSL_CERT_FILE", others.RootFile));
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("failed", outcome);
        Assert.Contains("certificate of localhost was refused", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_allow_does_not_list_is_not_called_C6_2()
    {
        var routes = RouterFixture.Route(Check, "\"allow\":{\"hosts\":[\"example.com\"]},");
        await using var router = await RouterFixture.StartAsync(routes, s_world);
        var detail = router.Act(RouterFixture.Event("{}")).Detail;
        Assert.Contains("allow.hosts does not list localhost", detail, StringComparison.Ordinal);
    }
}
