using FastTrigger.Runtime;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Runtime;

/// <summary>One handler that never returns takes no other invocation with it unreported.</summary>
public sealed class InFlightTests
{
    [Fact]
    public void Whoever_ends_the_process_gets_what_was_not_finished_in_time()
    {
        var inFlight = new InFlight(FastTrigger.Core.Clock.System);
        var (stuck, late) = (Invocation("stuck", seconds: 30), Invocation("late", seconds: 0));
        Assert.True(inFlight.TryAdd(stuck));
        Assert.True(inFlight.TryAdd(late));
        Assert.Equal([late], inFlight.End(stuck));
        Assert.False(inFlight.TryAdd(Invocation("new", seconds: 30)));
        // A second handler that does not return finds the process ending.
        Assert.Null(inFlight.End(late));
    }

    [Fact]
    public async Task What_is_still_worked_on_may_finish()
    {
        var inFlight = new InFlight(FastTrigger.Core.Clock.System);
        var (stuck, other) = (Invocation("stuck", seconds: 30), Invocation("other", seconds: 600));
        Assert.True(inFlight.TryAdd(stuck));
        Assert.True(inFlight.TryAdd(other));
        var ending = Task.Run(() => inFlight.End(stuck), TestContext.Current.CancellationToken);
        // Removing it parks its loop, as the process is about to end.
        var loop = new Thread(() => inFlight.Remove(other)) { IsBackground = true };
        loop.Start();
        Assert.Empty((await ending)!);
    }

    private static Invocation Invocation(string id, int seconds) => Items.Invocation("{}", seconds, id);
}
