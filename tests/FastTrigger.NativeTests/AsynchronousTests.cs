using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.NativeTests;

/// <summary>The local Lambda's asynchronous invocations: its retries, its dead letters, its destinations.</summary>
public sealed class AsynchronousTests
{
    private const string Routes = """{"unmatched":"error","routes":[{"name":"r","when":{"source":["x"]},"do":[{"run-command":{"targets":{"tag:Role":["pump"]},"commands":["true"]}}]}]}""";

    [Fact]
    public async Task An_event_that_fails_is_tried_twice_more_after_one_and_two_minutes_and_then_kept()
    {
        await using var local = await StartAsync();
        var before = local.Time.GetUtcNow();
        var ended = await local.Invoker.InvokeAsync("""{"a":1}"""u8.ToArray(), "request-7");
        Assert.InRange((local.Time.GetUtcNow() - before).TotalMinutes, 3, 300);
        Assert.Equal(["Function.Unmatched", "Function.Unmatched", "Function.Unmatched"], ended.Outcomes.Select(outcome => outcome.ErrorType));
        Assert.All(ended.Outcomes, outcome => Assert.Equal("request-7", outcome.RequestId));

        var letter = Assert.Single(local.World.Queues["letters"]);
        Assert.Equal(("""{"a":1}""", "request-7", "200"), (letter.Body, letter.Attributes["RequestID"]!["StringValue"]!.GetValue<string>(), letter.Attributes["ErrorCode"]!["StringValue"]!.GetValue<string>()));
        Assert.Contains("no route takes the event", letter.Attributes["ErrorMessage"]!["StringValue"]!.GetValue<string>(), StringComparison.Ordinal);
        var record = JsonNode.Parse(Assert.Single(local.World.Queues["failures"]).Body)!;
        Assert.Equal(["version", "timestamp", "requestContext", "requestPayload", "responseContext", "responsePayload"], record.AsObject().Select(member => member.Key));
        Assert.Equal(("RetriesExhausted", 3, 1), (record["requestContext"]!["condition"]!.GetValue<string>(), record["requestContext"]!["approximateInvokeCount"]!.GetValue<int>(), record["requestPayload"]!["a"]!.GetValue<int>()));
    }

    [Fact]
    public async Task One_that_succeeds_at_the_second_try_leaves_nothing()
    {
        await using var local = await StartAsync();
        // Four attempts of one call, then it works.
        local.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 4 });
        var ended = await local.Invoker.InvokeAsync("""{"id":"1","source":"x","detail-type":"y","detail":{}}"""u8.ToArray());
        Assert.Equal(["Function.ActionRetry", null], ended.Outcomes.Select(outcome => outcome.ErrorType));
        Assert.Null(ended.Record);
        Assert.Empty(local.World.Queues);
    }

    [Fact]
    public async Task One_that_is_throttled_waits_until_there_is_room()
    {
        await using var local = await StartAsync(concurrency: 1);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => local.Invoker.InvokeAsync(Encoding.UTF8.GetBytes($$$"""{"id":"{{{number}}}","source":"x","detail-type":"y","detail":{}}"""))));
        Assert.All(all, ended => Assert.Null(ended.Outcomes[^1].ErrorType));
        Assert.Single(local.Function.Environments);
    }

    private static async Task<Local> StartAsync(int concurrency = 10)
    {
        var native = await NativeFunction.StartAsync(Routes, new WorldFile { Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } }] });
        var time = new FastTime();
        var function = new LocalFunction(native.Settings) { Concurrency = concurrency };
        return new(native, function, time, new(function, native.World, time) { DeadLetterQueue = "letters", OnFailure = "failures" });
    }

    private sealed record Local(NativeFunction Native, LocalFunction Function, TimeProvider Time, AsynchronousInvoker Invoker) : IAsyncDisposable
    {
        public LocalWorld World => Native.World;

        public async ValueTask DisposeAsync()
        {
            await Function.DisposeAsync();
            await Native.DisposeAsync();
        }
    }
}
