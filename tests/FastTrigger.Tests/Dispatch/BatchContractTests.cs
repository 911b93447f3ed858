using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Events;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What mappings and pipes read of an answer, and what one record does to the others (C3.3).</summary>
public sealed class BatchContractTests
{
    private static readonly WorldFile s_world = new() { Sites = [new() { Path = "/up", Status = 200, Body = "good" }] };

    [Fact]
    public async Task On_a_standard_queue_a_group_is_a_tenant_and_orders_nothing()
    {
        await using var fixture = await StartAsync("sqs", """{"body":{"site":["bad"]}}""", "missing");
        var records = ((string[])["bad", "good"]).Select((site, i) =>
            SqsSourceTests.Record($"m-{i}", $$"""{"site":"{{site}}"}""", "tenant").Replace(".fifo", "", StringComparison.Ordinal));
        Assert.Equal(["m-0"], Failures(fixture, $$"""{"Records":[{{string.Join(',', records)}}]}"""));
    }

    [Theory]
    [InlineData("pipes/kinesis")]
    [InlineData("pipes/dynamodb")]
    public async Task A_record_of_a_stream_by_a_pipe_is_named_by_its_eventID(string sample)
    {
        await using var fixture = await StartAsync(sample, """{"eventID":[{"exists":true}]}""", "missing");
        var first = JsonNode.Parse(SampleEvents.Read(sample))![0]!["eventID"]!.GetValue<string>();
        Assert.Equal([first], Failures(fixture, SampleEvents.Read(sample))[..1]);
    }

    [Fact]
    public async Task The_same_event_a_third_time_is_still_the_same_behind_another_with_its_id()
    {
        await using var fixture = await StartAsync("sqs/eventbridge", """{"source":["test"]}""", "up");
        var message = RouterFixture.Event("{}");
        var other = message.Replace("\"detail\":{}", "\"detail\":{\"other\":1}", StringComparison.Ordinal);
        Assert.Empty(Failures(fixture, SqsSourceTests.Batch(message, other, message, other, message)));
        Assert.Equal(2, fixture.Logs.Count(log => log.GetProperty("message").GetString() == "action"));
    }

    [Fact]
    public async Task An_answer_to_nine_thousand_messages_is_small_without_partial_answers_and_with_them()
    {
        foreach (var partial in (string[])["on", "off"])
        {
            await using var fixture = await RouterFixture.StartAsync(
                """
                {"routes":[{"name":"r","from":["sqs"],"dryRun":true,"when":{"messageId":[{"exists":true}]},
                 "do":[{"call":{"url":"https://localhost:9/","once":false}}]}]}
                """,
                s_world,
                ("FASTTRIGGER_PARTIAL_BATCH", partial));
            var (answer, error, _) = fixture.Handle(SqsSourceTests.Batch([.. Enumerable.Repeat("x", 9_000)]));
            Assert.Null(error);
            Assert.InRange(answer.GetRawText().Length, 2, 30);
        }
    }

    [Fact]
    public async Task A_report_that_becomes_long_ends_and_says_so()
    {
        await using var fixture = await RouterFixture.StartAsync(
            """
            {"routes":[{"name":"r","from":["direct"],"dryRun":true,"when":{"server":["x"]},
             "do":[{"call":{"url":"https://localhost:9/","once":false}}]}]}
            """,
            s_world);
        var (answer, error, _) = fixture.Handle($"[{string.Join(',', Enumerable.Repeat("""{"server":"x"}""", 10_000))}]");
        Assert.Null(error);
        Assert.InRange(answer.GetRawText().Length, 1_000_000, 1_200_000);
        Assert.Equal(10_000, answer.GetProperty("routes").GetArrayLength() + answer.GetProperty("omitted").GetInt32());
        // Nobody can promise that a second delivery of it would look the same.
        Assert.False(answer.GetProperty("routes")[0].GetProperty("idLasts").GetBoolean());
    }

    [Fact]
    public async Task The_last_call_of_a_window_gives_its_state_back()
    {
        await using var fixture = await StartAsync("kinesis", """{"data":[{"exists":true}]}""", "up");
        var answer = fixture.Handle(SampleEvents.Read("kinesis-window-end")).Answer.GetRawText()
            .Replace(" ", "", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal);
        Assert.Equal("""{"state":{"levels":3},"batchItemFailures":[]}""", answer);
    }

    [Fact]
    public async Task A_record_with_a_strange_time_fails_alone()
    {
        const string Routes = """
            {"trust":["arn:*"],"routes":[{"name":"r","retryFor":"15m","when":{"source":["test"]},
             "do":[{"run-command":{"targets":{"instanceIds":["${event.detail.id}"]},"commands":["true"]}}]}]}
            """;
        await using var fixture = await RouterFixture.StartAsync(
            Routes,
            new WorldFile { Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1" }, new() { Id = "i-0aaaaaaaaaaaaaaa2", Agent = "offline" }] },
            ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        var strange = RouterFixture.Event("""{"id":"i-0aaaaaaaaaaaaaaa2"}""", "e-2");
        strange = System.Text.RegularExpressions.Regex.Replace(strange, "T[0-9]{2}:", "T-1:");
        var launch = RouterFixture.Event("""{"id":"i-0aaaaaaaaaaaaaaa1"}""", "e-1");
        Assert.Equal(["m-1"], Failures(fixture, SqsSourceTests.Batch(launch, strange)));
    }

    [Fact]
    public async Task An_array_that_somebody_invokes_with_is_answered_with_an_array_of_what_handlers_gave()
    {
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(),
            """{"routes":[{"name":"r","from":["direct"],"when":{"source":{"id":[{"exists":true}]}},"do":[{"handler":{"name":"h"}}]}]}""",
            ("h", (item, _, _) => ValueTask.FromResult(ActionResult.Done("") with
            {
                Answer = item.Event.GetProperty("source").GetProperty("id").GetRawText(),
            })));
        const string Payload = """[{"source":{"id":"1"}},{"other":1},{"source":{"id":"2"}}]""";
        Assert.Equal("""["1",null,"2"]""", fixture.Handle(Payload).Answer.GetRawText());
    }

    [Fact]
    public async Task Ten_messages_in_an_outage_make_no_more_calls_than_one_would()
    {
        await using var fixture = await RouterFixture.StartAsync(
            """
            {"trust":["arn:*"],"routes":[{"name":"r","when":{"source":["aws.ec2"]},
             "do":[{"tag":{"tags":{"Owner":"${owner}"},"volumes":false,"overwrite":true,"replay":true}}]}]}
            """,
            new WorldFile { Faults = [new() { Operation = "CreateTags", Kind = FaultKind.ServerError, Times = 100_000 }] },
            ("FASTTRIGGER_PARTIAL_BATCH", "on"));
        var messages = Enumerable.Range(0, 10).Select(i =>
            $$$"""
            {"id":"e{{{i}}}","source":"aws.ec2","detail-type":"x","account":"123456789012","region":"us-east-1",
             "time":"2026-11-25T21:42:53Z",
             "detail":{"eventName":"CreateVolume","userIdentity":{"type":"IAMUser","userName":"jane"},
             "responseElements":{"volumeId":"vol-{{{i:x17}}}"} } }
            """);
        Assert.Equal(10, Failures(fixture, SqsSourceTests.Batch([.. messages])).Count);
        Assert.InRange(fixture.Aws.World.Calls.Count(call => call.Operation == "CreateTags"), 1, 4);
    }

    private static List<string> Failures(RouterFixture fixture, string payload)
    {
        var (answer, error, _) = fixture.Handle(payload);
        Assert.True(error is null, error?.Message);
        return [.. answer.GetProperty("batchItemFailures").EnumerateArray()
            .Select(entry => entry.GetProperty("itemIdentifier").GetString()!)];
    }

    private static Task<RouterFixture> StartAsync(string from, string when, string page) => RouterFixture.StartAsync(
        $$$"""
        {"allow":{"hosts":["localhost"]},"trust":["arn:*"],"routes":[{"name":"r","from":["{{{from}}}"],"when":{{{when}}},
         "do":[{"check-website":{"url":"${env.SITE}{{{page}}}"} }]}]}
        """,
        s_world,
        ("FASTTRIGGER_PARTIAL_BATCH", "on"));
}
