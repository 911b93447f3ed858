using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The detailed checks of check-website, its redirects and its metrics.</summary>
public sealed class WebsiteDetailsTests
{
    private static readonly WorldFile s_world = new()
    {
        Sites =
        [
            new() { Path = "/", Body = "all pumps running" },
            new() { Path = "/gone", Status = 410, Body = "gone" },
            new() { Path = "/moved", Status = 302, Location = "/" },
            new() { Path = "/relative/a", Status = 301, Location = "b?x=1#y" },
            new() { Path = "/relative/b", Body = "all pumps running" },
            new() { Path = "/loop", Status = 302, Location = "/loop" },
            new() { Path = "/away", Status = 302, Location = "https://elsewhere.example/" },
            new() { Path = "/plain", Status = 302, Location = "http://localhost:9/" },
        ],
        Parameters = new Dictionary<string, string> { ["/plant/key"] = "secret" },
    };

    [Theory]
    [InlineData("", "\"expect\":[\"pumps\",\"running\"]", "done", "with the expected text")]
    [InlineData("", "\"expect\":[\"pumps\",\"standing\"]", "failed", "without the expected text")]
    [InlineData("", "\"forbid\":\"standing\"", "done", "answered 200")]
    [InlineData("", "\"forbid\":[\"broken\",\"running\"]", "failed", "with text that is forbidden")]
    [InlineData("gone", "\"status\":[404,410]", "done", "answered 410")]
    [InlineData("gone", "\"status\":[200,404]", "failed", "answered 410, expected 200 or 404")]
    [InlineData("", "\"method\":\"HEAD\"", "done", "answered 200")]
    [InlineData("", "\"bodyLimit\":10", "failed", "over 10 bytes")]
    [InlineData("", "\"certificateDays\":5", "done", "its certificate holds for")]
    [InlineData("", "\"certificateDays\":365", "failed", "and at least 365 are asked for")]
    [InlineData("moved", "\"redirects\":\"follow\",\"expect\":\"running\"", "done", "answered 200")]
    [InlineData("relative/a", "\"redirects\":\"follow\",\"expect\":\"running\"", "done", "answered 200")]
    [InlineData("loop", "\"redirects\":\"follow\"", "failed", "more than 5 redirects")]
    [InlineData("away", "\"redirects\":\"follow\"", "failed", "it leads to elsewhere.example, which allow.hosts would have to list")]
    [InlineData("plain", "\"redirects\":\"follow\"", "failed", "it leads from https to http")]
    public async Task Each_setting_is_checked(string path, string settings, string outcome, string reason)
    {
        await using var router = await StartAsync("{\"check-website\":{\"url\":\"${env.SITE}" + path + "\"," + settings + "}}");
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_over_the_maximum_latency_fails_the_check()
    {
        await using var router = await StartAsync("""{"check-website":{"url":"${env.SITE}","maxLatency":"50ms"}}""");
        router.Aws.World.Add(new Fault { Operation = "site", Kind = FaultKind.Slow, Milliseconds = 200 });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("failed", outcome);
        Assert.Contains("and at most 50 ms are allowed", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_is_a_metric_in_the_CloudWatch_embedded_metric_format()
    {
        await using var router = await StartAsync("""{"check-website":{"url":"${env.SITE}"}}""");
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        var record = router.Logs.Single(record => record.GetProperty("message").GetString() == "website");
        var metrics = record.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0];
        Assert.Equal("""["FunctionName","Route"]""", metrics.GetProperty("Dimensions")[0].GetRawText());
        var dimensions = metrics.GetProperty("Dimensions")[1];
        var names = metrics.GetProperty("Metrics").EnumerateArray().Select(metric => metric.GetProperty("Name"));
        Assert.Equal("FastTrigger", metrics.GetProperty("Namespace").GetString());
        Assert.Equal("""["FunctionName","Route","Host"]""", dimensions.GetRawText());
        Assert.All(names, name => Assert.Equal(JsonValueKind.Number, Member(name).ValueKind));
        Assert.All(dimensions.EnumerateArray(), name => Assert.Equal(JsonValueKind.String, Member(name).ValueKind));
        Assert.Equal(1, record.GetProperty("Available").GetInt32());
        Assert.Equal(200, record.GetProperty("status").GetInt32());
        Assert.Equal("r", record.GetProperty("Route").GetString());

        JsonElement Member(JsonElement name) => record.GetProperty(name.GetString()!);
    }

    [Fact]
    public async Task Where_an_alarm_watches_the_metric_a_failed_check_fails_no_invocation()
    {
        await using var router = await StartAsync(
            """{"check-website":{"url":"${env.SITE}gone"}}""",
            ("FASTTRIGGER_FAILED_CHECKS", "metric"));
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal("done", outcome);
        Assert.EndsWith(
            ": answered 410, expected 200; the metric Available says so (FASTTRIGGER_FAILED_CHECKS)",
            detail,
            StringComparison.Ordinal);
        var record = router.Logs.Single(record => record.GetProperty("message").GetString() == "website");
        Assert.Equal(0, record.GetProperty("Available").GetInt32());
    }

    [Fact]
    public async Task Headers_are_sent_and_their_secrets_are_not_logged()
    {
        string? request = null;
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            request = await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        });
        await using var router = await StartAsync($$$$"""
            {"check-website":{"url":"http://127.0.0.1:{{{{server.Port}}}}/x","method":"OPTIONS",
            "headers":{"X-Key":"${ssm:/plant/key}"}}}
            """);
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        Assert.StartsWith("OPTIONS /x HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Key: secret\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain(router.Logs, record => record.GetRawText().Contains("secret", StringComparison.Ordinal));
    }

    private static Task<RouterFixture> StartAsync(string action, params (string Name, string? Value)[] variables) =>
        RouterFixture.StartAsync(RouterFixture.Route(action), s_world, variables);
}
