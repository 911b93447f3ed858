using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>check-website's finer questions, its redirects and its metrics.</summary>
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
    public async Task Each_question_has_its_answer(string path, string settings, string outcome, string reason)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("{\"check-website\":{\"url\":\"${env.SITE}" + path + "\"," + settings + "}}"), s_world);
        var (found, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(outcome, found);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_too_slow_has_answered_and_fails()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"check-website":{"url":"${env.SITE}","maxLatency":"50ms"}}"""), s_world with { Faults = [new() { Operation = "site", Kind = FaultKind.Slow, Milliseconds = 200 }] });
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        Assert.Equal(("failed", true), (outcome, detail.Contains("and at most 50 ms are allowed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_found_is_a_metric_in_CloudWatchs_embedded_format()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"check-website":{"url":"${env.SITE}"}}"""), s_world);
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        var record = router.Logs.Single(record => record.TryGetProperty("_aws", out _));
        var metrics = record.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0];
        Assert.Equal(("FastTrigger", """["Route","Host"]"""), (metrics.GetProperty("Namespace").GetString(), metrics.GetProperty("Dimensions")[0].GetRawText()));
        Assert.All(metrics.GetProperty("Metrics").EnumerateArray(), metric => Assert.Equal(JsonValueKind.Number, record.GetProperty(metric.GetProperty("Name").GetString()!).ValueKind));
        Assert.All(metrics.GetProperty("Dimensions")[0].EnumerateArray(), dimension => Assert.Equal(JsonValueKind.String, record.GetProperty(dimension.GetString()!).ValueKind));
        Assert.Equal((1, 200, "r"), (record.GetProperty("Available").GetInt32(), record.GetProperty("status").GetInt32(), record.GetProperty("Route").GetString()));
    }

    [Fact]
    public async Task Headers_are_sent_as_they_are_named()
    {
        string? request = null;
        await using var server = new SocketServer(async (_, stream, token) =>
        {
            request = await SocketServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), token);
        });
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route($$$$"""{"check-website":{"url":"http://127.0.0.1:{{{{server.Port}}}}/x","method":"OPTIONS","headers":{"X-Key":"${ssm:/plant/key}"}}}"""), new WorldFile { Parameters = new Dictionary<string, string> { ["/plant/key"] = "secret" } });
        Assert.Equal("done", router.Act(RouterFixture.Event("{}")).Outcome);
        Assert.StartsWith("OPTIONS /x HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Key: secret\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain(router.Logs, record => record.GetRawText().Contains("secret", StringComparison.Ordinal));
    }
}
