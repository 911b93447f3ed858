using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Tests.LocalLambda;

/// <summary>What becomes of an event whose runtime ends while the event is on its way from the queue to it.</summary>
public sealed class RuntimeApiServerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_event_that_is_out_of_the_queue_when_its_runtime_ends_is_returned(bool isSeen)
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await RuntimeApiServer.StartAsync(new() { Bootstrap = "bootstrap" });
        // The runtime ends at the moment at which it is looked at. The look sees it or just does not.
        server.IsRuntimeEnding = () =>
        {
            server.Fail("Runtime.ExitError", "it ended");
            return isSeen;
        };
        using var client = new HttpClient();
        var next = client.GetAsync($"http://{server.Address}/2018-06-01/runtime/invocation/next", token);
        await server.FirstNext.Task.WaitAsync(token);
        var invocation = new PendingInvocation("{}"u8.ToArray());
        server.Enqueue(invocation);
        var outcome = await invocation.Completion.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
        Assert.True(PendingInvocation.IsReturned(outcome));
        await next.ContinueWith(static ended => ended.Exception, token, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
