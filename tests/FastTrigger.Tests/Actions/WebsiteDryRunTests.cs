using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>A request with a method that changes something is no check: a dry run leaves it out (C1.4).</summary>
public sealed class WebsiteDryRunTests
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_method_that_changes_something_is_not_sent(string method)
    {
        var (outcome, detail, sent) = await CheckAsync(method);
        Assert.Equal(("skipped", false), (outcome, sent));
        Assert.StartsWith($"dry run: would send {method} to localhost:", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task A_method_that_only_reads_is_sent(string method)
    {
        var (outcome, detail, sent) = await CheckAsync(method);
        Assert.Equal(("done", true), (outcome, sent));
        Assert.Contains("answered 200", detail, StringComparison.Ordinal);
    }

    private static async Task<(string Outcome, string Detail, bool Sent)> CheckAsync(string method)
    {
        var action = $$"""{"check-website":{"url":"${env.SITE}","method":"{{method}}"} }""";
        // The fault is used up by the first request.
        var world = new WorldFile
        {
            Sites = [new() { Path = "/", Body = "running" }],
            Faults = [new() { Operation = "site", Kind = FaultKind.Slow, Milliseconds = 1 }],
        };
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(action), world, ("FASTTRIGGER_DRY_RUN", "true"));
        var (outcome, detail) = router.Act(RouterFixture.Event("{}"));
        return (outcome, detail, router.Aws.World.TakeFault("site") is null);
    }
}
