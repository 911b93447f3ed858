using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Events;

/// <summary>What comes by playback (C2.4).</summary>
public sealed class DestinationRecordTests
{
    [Fact]
    public void The_event_of_a_record_is_the_item_with_its_first_id()
    {
        var item = Items.Read(Record(RouterFixture.Event("""{"a":1}""", "event-7")));
        Assert.Equal(("eventbridge", "event-7", true), (item.Source, item.Id, item.IsPlayback));
        item = Items.Read(Record("""{"a":1}"""));
        Assert.Equal(("direct", "first-request", 1), (item.Source, item.Id, item.Event.GetProperty("a").GetInt32()));
        item = Items.Read(Record("""{"fasttrigger-route":"r","event":{"a":1}}"""));
        Assert.Equal(("r", "first-request"), (item.RouteName, item.Id));
        Assert.Equal("request-1", Items.Read("""{"a":1}""").Id);
    }

    [Theory]
    [InlineData("""{"version":"1.0","requestContext":{"requestId":"x"},"requestPayload":{}}""")]
    [InlineData("""{"version":"2.0","requestContext":{"requestId":"x","condition":"Success"},"requestPayload":{}}""")]
    [InlineData("""{"requestPayload":{}}""")]
    public void Something_like_it_is_an_event_of_its_own(string payload) => Assert.False(Items.Read(payload).IsPlayback);

    [Fact]
    public void A_record_in_a_record_is_not_opened() =>
        Assert.True(Items.Read(Record(Record("""{"a":1}"""))).Event.TryGetProperty("requestPayload", out _));

    [Fact]
    public async Task What_matches_nothing_is_an_error_although_unmatched_is_a_success_C2_4()
    {
        await using var router = await RouterFixture.StartAsync(
            """{"routes":[{"name":"r","when":{"source":["none"]},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""");
        Assert.Null(router.Handle(RouterFixture.Event("{}")).Error);
        Assert.Equal("Function.Unmatched", router.Handle(Record(RouterFixture.Event("{}"))).Error!.Type);
    }

    [Theory]
    [InlineData("KinesisBatchInfo", "arn:aws:kinesis:us-east-1:123456789012:stream/levels")]
    [InlineData("DDBStreamBatchInfo", "arn:aws:dynamodb:us-east-1:123456789012:table/levels/stream/x")]
    public async Task The_record_of_a_streams_failed_batch_is_named_by_its_shard_and_range_C2_4(string name, string arn)
    {
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"a":"b"}}}"""));
        var (_, error, _) = router.Handle($$$"""
            {"version":"1.0","requestContext":{"requestId":"x","condition":"RetryAttemptsExhausted"},
             "{{{name}}}":{"shardId":"shardId-1","startSequenceNumber":"100","endSequenceNumber":"199","streamArn":"{{{arn}}}"}}
            """);
        Assert.Equal("Function.Unplayable", error!.Type);
        Assert.Contains($"in shard shardId-1 of {arn}, sequence numbers 100 to 199", error.Message, StringComparison.Ordinal);
    }

    private static string Record(string payload) => $$"""
        {"version":"1.0","requestContext":{"requestId":"first-request","condition":"RetriesExhausted"},
         "requestPayload":{{payload}} }
        """;
}
