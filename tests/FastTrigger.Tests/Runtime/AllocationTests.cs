using FastTrigger.Aws;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Runtime;

/// <summary>What one more invocation costs the collector, from GET next to the answer to POST response. Counted, so always the same.</summary>
public sealed class AllocationTests
{
    /// <summary>472 and 5,864 bytes when this was written.</summary>
    [Theory]
    [InlineData("tank-normal.json", 720)]
    [InlineData("launch.json", 6_850)]
    public void A_warm_invocation_allocates_little(string name, int most)
    {
        const int Rounds = 100;
        var settings = TestEnvironment.Settings(("SITE", "http://localhost:9/"));
        var shared = new AwsShared(settings);
        using var aws = new AwsClient(shared);
        aws.Rehearse(new(Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<a></a>")));
        var problems = "";
        var table = RoutesFile.Load(TestEnvironment.Demo("routes.json"), null, out problems);
        Assert.True(table is not null, problems);

        var next = Encoding.UTF8.GetBytes(ScriptedRuntimeApi.Event("8476a536-e9f4-11e8-9739-2dfe598c3fcd", Items.Demo(name), "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r\n"));
        var taken = Encoding.UTF8.GetBytes("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        var answers = new ReadOnlyMemory<byte>[4 * Rounds];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = i % 2 == 0 ? next : taken;
        }

        Assert.True(Origin.TryParse("http://localhost:9", out var api, out _));
        var log = new Log(json: true, LogLevel.Info, settings.Clock, descriptor: -1);
        using var client = new RuntimeApiClient(api, settings.Clock, HttpConnection.Over(new InMemoryTransport(answers), settings.Clock));
        var router = new Router(table, aws, shared, log, (_, _) => { });
        var failures = 0;
        var loop = new InvocationLoop(
            client,
            (invocation, answer) =>
            {
                var result = router.Handle(invocation, answer);
                failures += result.Error is null ? 0 : 1;
                return result;
            },
            log);
        Play(loop, Rounds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Play(loop, Rounds);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        Assert.Equal(0, failures);
        Assert.InRange(each, 1, most);
    }

    private static void Play(InvocationLoop loop, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            Assert.True(loop.RunOnce());
        }
    }
}
