using FastTrigger.Cli.LocalAws;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Telemetry;

/// <summary>The metrics of an invocation, in the record that says how it ended.</summary>
public sealed class MetricsTests
{
    private const string
        Tag = """{"tag":{"tags":{"Owner":"ann"},"volumes":false}}""",
        Function = """["FunctionName"]""",
        Action = """["FunctionName","Route","Action"]""";

    private static readonly WorldInstance s_pump = new() { Id = "i-0aaaaaaaaaaaaaaa1" };

    private static readonly string s_launch = RouterFixture.Event("""
        {"eventName":"RunInstances","responseElements":{"instancesSet":{"items":[{"instanceId":"i-0aaaaaaaaaaaaaaa1"}]}}}
        """);

    [Fact]
    public async Task An_event_that_no_route_takes_is_one_line_with_what_is_not_zero()
    {
        await using var router = await RouterFixture.StartAsync(
            $$"""{"unmatched":"success","routes":[{"name":"r","when":{"source":["other"]},"do":[{{Tag}}]}]}""");
        router.Handle(RouterFixture.Event("{}"));
        var record = Assert.Single(router.Logs);
        Assert.Equal("invocation", record.GetProperty("message").GetString());
        Assert.Equal($"{Function}: Unmatched=1", Describe(record));
    }

    [Fact]
    public async Task An_action_has_its_outcome_and_durations_by_route_and_action()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Tag), s_pump);
        router.Handle(s_launch);
        var record = router.Logs[^1];
        Assert.Equal($"{Function}: Matched=1 Done=1 AwsCallDuration=[]; {Action}: Done=1 ActionDuration=[]", Describe(record));
        Assert.Equal(("r", "tag"), (record.GetProperty("Route").GetString(), record.GetProperty("Action").GetString()));
        Assert.False(record.TryGetProperty("awsRequestIds", out _));
    }

    [Fact]
    public async Task What_AWS_throttled_is_counted_and_its_request_is_named()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Tag), s_pump);
        router.Aws.World.Add(new Fault { Operation = "CreateTags", Kind = FaultKind.Throttle, Times = 1 });
        router.Handle(s_launch);
        var record = router.Logs[^1];
        Assert.StartsWith($"{Function}: Matched=1 Done=1 AwsRetries=1 Throttled=1 ", Describe(record), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(record.GetProperty("awsRequestIds")[0].GetString(), out _));
    }

    [Fact]
    public async Task Each_action_of_several_has_a_line_of_its_own_beside_the_sums()
    {
        const string When = """ "when":{"source":["test"]} """;
        await using var router = await RouterFixture.StartAsync(
            $$"""{"routes":[{"name":"a",{{When}},"do":[{{Tag}}]},{"name":"b","dryRun":true,{{When}},"do":[{{Tag}}]}]}""",
            s_pump);
        router.Handle(s_launch);
        Assert.Equal(
            [
                $"{Function}: Matched=1 Done=1 Skipped=1 AwsCallDuration=[]",
                $"{Action}: Done=1 ActionDuration=[]",
                $"{Action}: Skipped=1 ActionDuration=[]",
            ],
            router.Logs.Where(record => record.TryGetProperty("_aws", out _)).Select(Describe));
    }

    [Fact]
    public async Task The_next_invocation_begins_with_nothing()
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route(Tag), s_pump);
        router.Handle(s_launch);
        router.Handle("[");
        Assert.Equal($"{Function}: ", Describe(router.Logs[^1]));
    }

    [Theory]
    [InlineData(true, "Info", "INFO invocation")]
    [InlineData(true, "Error", "ERROR metrics")]
    [InlineData(false, "Error", "ERROR metrics")]
    public void Metrics_pass_what_Lambda_filters_out_by_level(bool json, string name, string expected)
    {
        var level = Enum.Parse<LogLevel>(name);
        var metrics = new InvocationMetrics("f");
        metrics.Add(MetricName.Unmatched, 1);
        var flag = LogField.Flag("b");
        var line = LogTests.Write(json, level, log => log.WriteInvocation(LogLevel.Info, "id-1", [], metrics, ("a", 1), flag));
        var record = JsonDocument.Parse(line).RootElement;
        Assert.Equal(expected, $"{record.GetProperty("level").GetString()} {record.GetProperty("message").GetString()}");
        Assert.Equal(expected.EndsWith("invocation", StringComparison.Ordinal), record.TryGetProperty("b", out _));
        Assert.Equal($"{Function}: Unmatched=1", Describe(record));
    }

    [Fact]
    public void A_text_log_has_its_metrics_on_a_line_of_JSON()
    {
        var metrics = new InvocationMetrics("f");
        metrics.Add(MetricName.Unmatched, 1);
        var text = LogTests.Write(json: false, LogLevel.Info, log =>
            log.WriteInvocation(LogLevel.Info, "id-1", "1-2-3"u8, metrics, ("a", 1), LogField.Flag("b")));
        var lines = text.Split('\n');
        Assert.EndsWith("INFO id-1 invocation traceId=\"1-2-3\" a=1 b=true", lines[0], StringComparison.Ordinal);
        Assert.Equal("metrics", JsonDocument.Parse(lines[1]).RootElement.GetProperty("message").GetString());
        Assert.Equal(["", 3], [lines[^1], (object)lines.Length]);
    }

    [Fact]
    public void A_batch_of_many_routes_has_a_bounded_number_of_lines()
    {
        var metrics = new InvocationMetrics("f");
        for (var i = 0; i < 1_000; i++)
        {
            metrics.AddAction($"r{i}", "tag", MetricName.Done, i);
        }

        Assert.Equal(21, metrics.Records);
        metrics.Clear();
        Assert.Equal(1, metrics.Records);
    }

    [Fact]
    public async Task They_can_be_turned_off()
    {
        await using var router = await RouterFixture.StartAsync(
            RouterFixture.Route(Tag),
            new WorldFile { Instances = [s_pump] },
            ("FASTTRIGGER_METRICS", "off"));
        router.Handle(s_launch);
        Assert.DoesNotContain(router.Logs, record => record.TryGetProperty("_aws", out _));
    }

    /// <summary>
    /// Each set of dimensions with its metrics and their values, as CloudWatch reads them: what is declared is there. Durations are [].
    /// </summary>
    private static string Describe(JsonElement record)
    {
        var directives = record.GetProperty("_aws").GetProperty("CloudWatchMetrics").EnumerateArray().Select(directive =>
        {
            Assert.Equal("FastTrigger", directive.GetProperty("Namespace").GetString());
            var dimensions = Assert.Single(directive.GetProperty("Dimensions").EnumerateArray());
            Assert.All(dimensions.EnumerateArray(), name => Assert.NotEmpty(record.GetProperty(name.GetString()!).GetString()!));
            var metrics = directive.GetProperty("Metrics").EnumerateArray().Select(metric =>
            {
                var name = metric.GetProperty("Name").GetString()!;
                var value = record.GetProperty(name);
                var isTime = name.EndsWith("Duration", StringComparison.Ordinal);
                Assert.Equal(isTime ? "Milliseconds" : "Count", metric.GetProperty("Unit").GetString());
                return $"{name}={(value.ValueKind == JsonValueKind.Array ? "[]" : value.GetRawText())}";
            });
            return $"{dimensions.GetRawText()}: {string.Join(' ', metrics)}";
        });
        Assert.True(record.GetProperty("_aws").GetProperty("Timestamp").GetInt64() > 0);
        return string.Join("; ", directives);
    }
}
