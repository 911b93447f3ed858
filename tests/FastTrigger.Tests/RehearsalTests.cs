using FastTrigger.Actions.Handlers;
using FastTrigger.Aws.Ec2;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Core;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests;

/// <summary>INIT sends a synthetic event through every route, so that its code is loaded before the first event.</summary>
public sealed class RehearsalTests
{
    private const string Tag = """{"tag":{"tags":{"Owner":"${owner}"},"overwrite":true}}""";
    private const string Command = """
        {"run-command":{"targets":{"instanceIds":["${event.detail.pump}"]},"commands":["valve open"],
        "environment":{"VALVE":"${event.detail.valve}"}}}
        """;

    [Fact]
    public async Task The_rehearsal_runs_every_kind_of_action_and_nothing_leaves_the_process()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldFile());
        var called = 0;
        var handlers = new Dictionary<string, RegisteredHandler>
        {
            ["mine"] = new HandlerRunner((_, _, _) =>
            {
                called++;
                return ValueTask.FromResult(ActionResult.Done("called"));
            }),
        };
        var routes = $$$"""
            {"routes":[
              {"name":"all","when":{"source":[{"exists":true}]},"do":[{"handler":{"name":"mine"}},{{{Tag}}},{{{Command}}}]},
              {"name":"timed","schedule":"rate(5 minutes)","do":[{"handler":{"name":"mine"}}]}
            ]}
            """;
        using var start = new StartedFunction(routes, TestEnvironment.With(aws.Shared.Settings, warmLimitMs: 8_000), handlers);
        Assert.Empty(start.WarmUp());
        Assert.Empty(aws.World.Calls);
        Assert.Equal(0, called);
        Assert.NotEmpty(start.Aws.Answer.ToArray());
        Assert.Contains("Command", Encoding.UTF8.GetString(start.Aws.Answer.Span), StringComparison.Ordinal);
    }

    /// <summary>
    /// The clock fails once, at each of its first 25 reads, on whichever thread reads it. Calls after the warm-up go to AWS, not to
    /// the in-memory transport of the rehearsal.
    /// </summary>
    [Fact]
    public async Task A_bug_during_the_warm_up_is_logged_and_the_function_starts()
    {
        await using var aws = await AwsFixture.StartAsync(new WorldInstance { Id = "i-00000000" });
        for (var calls = 0; calls < 25; calls++)
        {
            var clock = new BrokenClock(calls);
            var settings = TestEnvironment.With(aws.Shared.Settings, clock, warmLimitMs: 8_000);
            using var start = new StartedFunction(StartedFunction.Route(Tag + "," + Command), settings);
            // Inside the rehearsed loop the bug fails the synthetic invocation, which is not logged.
            Assert.All(start.WarmUp(), line => Assert.Contains("the clock is broken", line, StringComparison.Ordinal));
            clock.Mend();
            aws.World.ForgetCalls();
            var ec2 = new Ec2Client(start.Aws, "us-east-1");
            Assert.Null(ec2.CreateTags(["i-00000000"], [new("Owner", "alice")], Exchange.Soon));
            Assert.Single(aws.World.Calls);
        }
    }

    /// <summary>Throws at one read of the wall clock, after <paramref name="calls"/> that succeed.</summary>
    private sealed class BrokenClock(int calls) : Clock
    {
        private int _left = calls;

        public override long UnixMs => Interlocked.Decrement(ref _left) == -1
            ? throw new InvalidOperationException("the clock is broken")
            : base.UnixMs;

        public void Mend() => _left = -1;
    }
}
