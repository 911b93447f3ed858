using FastTrigger.Aws;
using FastTrigger.Dispatch;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Runtime;

/// <summary>Counts the bytes that a warm invocation allocates, from GET next to the answer to POST response.</summary>
public sealed class AllocationTests
{
    /// <summary>The limits leave room above the counts when they were set: 472 and 5,864 bytes.</summary>
    [Theory]
    [InlineData("tank-normal.json", 720)]
    [InlineData("launch.json", 6_850)]
    public void A_warm_invocation_allocates_at_most(string name, int max)
    {
        const int Rounds = 100;
        var settings = TestEnvironment.Settings(("SITE", "http://localhost:9/"));
        var shared = new AwsShared(settings);
        using var aws = new AwsClient(shared);
        aws.Rehearse(new(Encoding.UTF8.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<a></a>")));
        var table = RoutesFile.Load(TestEnvironment.Demo("routes.json"), null, out var problems);
        Assert.True(table is not null, problems);

        var next = Encoding.UTF8.GetBytes(ScriptedRuntimeApi.Event(
            "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            Items.Demo(name),
            "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r\n"));
        var accepted = Encoding.UTF8.GetBytes("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        var answers = new ReadOnlyMemory<byte>[4 * Rounds];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = i % 2 == 0 ? next : accepted;
        }

        Assert.True(Origin.TryParse("http://localhost:9", out var api, out _));
        var log = new Log(json: true, LogLevel.Info, settings.Clock, descriptor: -1);
        var connection = HttpConnection.Over(new InMemoryTransport(answers), settings.Clock);
        using var client = new RuntimeApiClient(api, settings.Clock, connection);
        var dispatcher = new Dispatcher(table, aws, shared, log, (_, _) => { });
        var failures = 0;
        var loop = new InvocationLoop(
            client,
            (invocation, answer) =>
            {
                var result = dispatcher.Handle(invocation, answer);
                failures += result.Error is null ? 0 : 1;
                return result;
            },
            log,
            end: dispatcher.Finish);
        Play(loop, Rounds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Play(loop, Rounds);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        Assert.Equal(0, failures);
        Assert.InRange(each, 1, max);
    }

    private static void Play(InvocationLoop loop, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            Assert.True(loop.RunOnce());
        }
    }
}
