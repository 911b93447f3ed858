using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.NativeTests;

/// <summary>The local Lambda's asynchronous invocations: retries, dead letters and destinations.</summary>
public sealed class AsynchronousTests
{
    private const string Routes = """
        {
          "unmatched": "error",
          "routes": [{
            "name": "r",
            "when": {"source": ["x"]},
            "do": [{"run-command": {"targets": {"tag:Role": ["pump"]}, "commands": ["true"]}}]
          }]
        }
        """;

    [Fact]
    public async Task A_failed_event_is_retried_after_one_and_two_minutes_and_then_kept()
    {
        await using var local = await StartAsync();
        var before = local.Time.GetUtcNow();
        var result = await local.Invoker.InvokeAsync("""{"a":1}"""u8.ToArray(), "request-7");
        Assert.InRange((local.Time.GetUtcNow() - before).TotalMinutes, 3, 300);
        Assert.Equal(
            ["Function.Unmatched", "Function.Unmatched", "Function.Unmatched"],
            result.Outcomes.Select(outcome => outcome.ErrorType));
        Assert.All(result.Outcomes, outcome => Assert.Equal("request-7", outcome.RequestId));

        var letter = Assert.Single(local.World.Queues["letters"]);
        Assert.Equal("""{"a":1}""", letter.Body);
        Assert.Equal("request-7", letter.Attributes.Text("RequestID", "StringValue"));
        Assert.Equal("200", letter.Attributes.Text("ErrorCode", "StringValue"));
        Assert.Contains("no route takes the event", letter.Attributes.Text("ErrorMessage", "StringValue"), StringComparison.Ordinal);
        var record = JsonNode.Parse(Assert.Single(local.World.Queues["failures"]).Body)!;
        Assert.Equal(
            ["version", "timestamp", "requestContext", "requestPayload", "responseContext", "responsePayload"],
            record.AsObject().Select(member => member.Key));
        Assert.Equal("RetriesExhausted", record.Text("requestContext", "condition"));
        Assert.Equal(3, record.Number("requestContext", "approximateInvokeCount"));
        Assert.Equal(1, record.Number("requestPayload", "a"));
    }

    [Fact]
    public async Task An_event_that_succeeds_on_its_second_attempt_leaves_nothing()
    {
        await using var local = await StartAsync();
        // The calls of the first attempt are throttled, those of the second succeed.
        local.World.Add(new Fault { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 4 });
        var result = await local.Invoker.InvokeAsync("""{"id":"1","source":"x","detail-type":"y","detail":{}}"""u8.ToArray());
        Assert.Equal(["Function.ActionRetry", null], result.Outcomes.Select(outcome => outcome.ErrorType));
        Assert.Null(result.Record);
        Assert.Empty(local.World.Queues);
    }

    [Fact]
    public async Task A_throttled_event_waits_until_an_environment_is_free()
    {
        await using var local = await StartAsync(concurrency: 1);
        var invocations = Enumerable.Range(0, 4)
            .Select(number => $$$"""{"id":"{{{number}}}","source":"x","detail-type":"y","detail":{}}""")
            .Select(payload => local.Invoker.InvokeAsync(Encoding.UTF8.GetBytes(payload)));
        Assert.All(await Task.WhenAll(invocations), result => Assert.Null(result.Outcomes[^1].ErrorType));
        Assert.Single(local.Function.Environments);
    }

    private static async Task<Local> StartAsync(int concurrency = 10)
    {
        var pump = new WorldInstance { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } };
        var native = await NativeFunction.StartAsync(Routes, new WorldFile { Instances = [pump] });
        var time = new FastTime();
        var function = new LocalFunction(native.Settings) { Concurrency = concurrency };
        return new(native, function, time, new(function, native.World, time) { DeadLetterQueue = "letters", OnFailure = "failures" });
    }

    private sealed record Local(NativeFunction Native, LocalFunction Function, TimeProvider Time, AsynchronousInvoker Invoker)
        : IAsyncDisposable
    {
        public LocalWorld World => Native.World;

        public async ValueTask DisposeAsync()
        {
            await Function.DisposeAsync();
            await Native.DisposeAsync();
        }
    }
}
