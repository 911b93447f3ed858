using FastTrigger.Actions;
using FastTrigger.Cli.Samples;
using FastTrigger.Patterns;
using FastTrigger.Routing;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>A bug that one record meets costs that record, and never its batch.</summary>
public sealed class FenceTests
{
    [Theory]
    [InlineData("matching")]
    [InlineData("grouping")]
    [InlineData("acting on")]
    public async Task An_exception_is_the_failure_of_its_record_alone(string step)
    {
        var action = new FaultyAction(step);
        IReadOnlyList<string> from = step == "matching" ? new FaultyList("sqs", faultyAccess: 1) : ["sqs"];
        var table = new RouteTable([new("r", null, null, from, [action])], Allow.Default, UnmatchedIsError: false);
        await using var fixture = RouterFixture.Over(await AwsFixture.StartAsync(new(), ("FASTTRIGGER_PARTIAL_BATCH", "on")), table with
        {
            Routes = [table.Routes[0] with { When = When("eventSource") }],
        });
        var (answer, error, _) = fixture.Handle(Events.SqsSourceTests.Batch("good", "bad", "good too"));
        Assert.Null(error);
        Assert.Equal(["m-1"], Failures(answer));
        Assert.Equal(2, action.Acted);
        // What a person can act on: the type, the step, and no key of a resource.
        var reason = $"KeyNotFoundException. It happened while {step} this record";
        Assert.Contains(fixture.Logs, log =>
            log.TryGetProperty("error", out var text) && text.GetString()!.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_shared_call_that_throws_fails_its_own_records_and_no_others()
    {
        var action = new FaultyAction("calling");
        var route = new Route("r", When("eventSource"), null, [], [action]);
        var table = new RouteTable([route], Allow.Default, UnmatchedIsError: false);
        await using var fixture = RouterFixture.Over(await AwsFixture.StartAsync(new(), ("FASTTRIGGER_PARTIAL_BATCH", "on")), table);
        var (answer, _, _) = fixture.Handle(Events.SqsSourceTests.Batch("bad", "bad too", "good", "good too"));
        Assert.Equal(["m-0", "m-1"], Failures(answer));
    }

    [Fact]
    public async Task Whoever_waits_hears_of_the_bug()
    {
        var route = new Route("r", When("ResourceType"), null, [], [new FaultyAction("always")]);
        var table = new RouteTable([route], Allow.Default, UnmatchedIsError: false);
        await using var fixture = RouterFixture.Over(await AwsFixture.StartAsync(), table);
        Assert.Null(fixture.Handle(SampleEvents.Read("cloudformation")).Error);
        var response = fixture.Aws.World.Calls.Single(call => call.Service == "s3").Parameters;
        Assert.Equal("FAILED", response["Status"]!.GetValue<string>());
        Assert.Contains("KeyNotFoundException", response["Reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>A pattern that matches every event with this member.</summary>
    private static ObjectNode? When(string member)
    {
        var routes = RouterFixture.Route("""{"tag":{"tags":{"a":"b"}}}""")
            .Replace("\"source\"", $"\"{member}\"", StringComparison.Ordinal);
        return RoutesText.Read(routes, out _)!.Routes[0].When;
    }

    private static IEnumerable<string?> Failures(JsonElement answer) =>
        answer.GetProperty("batchItemFailures").EnumerateArray().Select(entry => entry.GetProperty("itemIdentifier").GetString());

    /// <summary>The exception of Native AOT, whose message is a key.</summary>
    private static KeyNotFoundException Bug() => new("Arg_KeyNotFound");

    private sealed class FaultyAction(string step) : RouteAction
    {
        public int Acted { get; private set; }

        public override string Name => "faulty";

        public override bool CanBatch => step is "grouping" or "calling";

        public override BatchableCall? Prepare(ActionContext context)
        {
            var body = context.Item.Event.GetProperty("body").GetString()!;
            return step == "calling" ? new FaultyCall(body)
                : body == "bad" ? throw Bug()
                : null;
        }

        public override ActionResult Run(ActionContext context)
        {
            if (step == "always" || (step == "acting on" && context.Item.Event.GetProperty("body").GetString() == "bad"))
            {
                throw Bug();
            }

            Acted++;
            return ActionResult.Done("");
        }
    }

    private sealed class FaultyCall(string body) : BatchableCall(body[..3], [body], 10)
    {
        public override bool MayOverlap => true;

        public override ActionResult Alone() => ActionResult.Done("");

        public override ActionResult Call(List<string> targets) => targets.Contains("bad") ? throw Bug() : ActionResult.Done("");
    }

    /// <summary>A list of one that throws when it is counted for the nth time.</summary>
    private sealed class FaultyList(string only, int faultyAccess) : IReadOnlyList<string>
    {
        private int _read;

        public int Count => 1;

        public string this[int index] => _read++ == faultyAccess ? throw Bug() : only;

        public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)[only]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
